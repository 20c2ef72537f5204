import { GraphBuilder } from '../../models/training/onnx/graph.ts';
import { type FloatTensor, OnnxSession } from '../../server/model/onnx-session.ts';

/** Builds a graph of one f32 input `trend` by `build`, runs it on `trend`, and gives its outputs by name. */
export async function runGraph(
  trend: FloatTensor,
  build: (graph: GraphBuilder, trend: string) => void,
): Promise<Record<string, Float32Array>> {
  const graph = new GraphBuilder('test');
  build(graph, graph.input('trend', ['batch', ...trend.shape.slice(1)]));
  const session = await OnnxSession.open(graph.encode('test'));
  const results = await session.run({ trend });
  await session.close();
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data]));
}
