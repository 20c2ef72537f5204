import type { Express, Router } from 'express';

/** Every method and path of the API, such as `post /api/captures`; the pages of the dashboard are for people. */
export function routesOf({ router }: Express): string[] {
  return (router as unknown as Router).stack.flatMap(function walk(layer): string[] {
    if (layer.route) {
      const paths = [layer.route.path].flat().map((path) => path.replace(/:(\w+)/g, '{$1}'));
      const methods = new Set(layer.route.stack.map(({ method }) => method));
      return paths
        .filter((path) => /^\/(api\/|healthz|metrics)/.test(path))
        .flatMap((path) => [...methods].map((method) => `${method} ${path}`));
    }
    const { stack } = layer.handle as unknown as Partial<Router>;
    return stack?.flatMap(walk) ?? [];
  });
}
