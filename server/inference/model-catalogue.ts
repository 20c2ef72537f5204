import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';
import { type ModelManifest, ModelName } from '../model/manifest.ts';
import { unfitness } from './finding.ts';
import type { ModelExamples } from './model-examples.ts';
import { MANIFEST_FILE, readManifest, readModelFolder } from './model-folder.ts';
import { type CardLanguage, type Paper, readCard, readExamples, readReport } from './model-papers.ts';
import type { ModelReport } from './model-report.ts';
import type { ModelEntry, ModelState } from './model-state.ts';

export interface CatalogueOptions {
  /** Holds the models' folders. */
  readonly directory: string;
  /** Those that are used, or should be. */
  readonly entries: () => readonly ModelEntry[];
}

/** A model that is used, or lies in the directory. */
export interface KnownModel {
  readonly name: string;
  readonly state: ModelState | 'unused';
  readonly reason?: string | undefined;
  readonly cuts: number;
  /** Of the version in use, else of the one in its folder; undefined where that cannot be read. */
  readonly manifest?: ModelManifest | undefined;
  readonly previous?: ModelManifest | undefined;
  /** Folders of the directory with a model of that name. */
  readonly folders: readonly { readonly folder: string; readonly version: string }[];
}

/** Folders of the directory that are looked at; those past it, by name, are not. */
const FOLDERS_LIMIT = 200;

interface Folder {
  readonly folder: string;
  /** What is wrong with it where it is text. */
  readonly manifest: ModelManifest | string;
}

/**
 * Every model there is, and what lies in its folder. A folder may have been
 * replaced since its model was loaded: papers are those of the version in use,
 * or none. Names lead nowhere but to folders of the directory.
 */
export class ModelCatalogue {
  readonly #options: CatalogueOptions;

  constructor(options: CatalogueOptions) {
    this.#options = options;
  }

  /** Those in use first, then the others by name. */
  async list(): Promise<KnownModel[]> {
    const folders = await this.#folders();
    const entries = this.#options.entries();
    const used = entries.map((entry) => toKnown(entry, folders));
    const names = new Set(folders.map(nameOf));
    for (const { name } of entries) names.delete(name);
    return [...used, ...[...names].sort().map((name) => toUnused(name, folders))];
  }

  /** Throws `MODEL_UNKNOWN`, also where the model cannot be read. */
  async manifest(name: string): Promise<ModelManifest> {
    return (await this.#find(name)).manifest;
  }

  /** The graph of the version in use, else of the one in the folder. Throws `MODEL_UNKNOWN`, and `MODEL_UNFIT` where its file is not as the manifest says. */
  async graph(name: string): Promise<{ readonly bytes: Uint8Array; readonly sha256: string }> {
    const { manifest, folder } = await this.#find(name);
    const used = this.#options.entries().find((entry) => entry.name === name)?.model;
    if (used !== undefined) return { bytes: used.bytes, sha256: used.manifest.sha256 };
    const { model, findings } = await readModelFolder(join(this.#options.directory, folder as string));
    if (model === undefined) throw new AppError('MODEL_UNFIT', `the model ${name} is unfit: ${unfitness(findings)}`);
    return { bytes: model.bytes, sha256: manifest.sha256 };
  }

  report(name: string): Promise<ModelReport | undefined> {
    return this.#paper(name, readReport);
  }

  card(name: string, language: CardLanguage): Promise<string | undefined> {
    return this.#paper(name, (folder) => readCard(folder, language));
  }

  examples(name: string): Promise<ModelExamples | undefined> {
    return this.#paper(name, readExamples);
  }

  /** The path of a folder with a version of the model. Throws `MODEL_UNKNOWN` where the directory has no such folder. */
  async folderOf(name: string, folder: string): Promise<string> {
    const of = (await this.#folders()).filter((found) => nameOf(found) === name || found.folder === name);
    if (of.some((found) => found.folder === folder)) return join(this.#options.directory, folder);
    const expected =
      of.length === 0 ? 'but there is none' : `expected one of ${of.map((one) => one.folder).join(', ')}`;
    throw new AppError('MODEL_UNKNOWN', `no folder ${folder} with a model ${name}, ${expected}`);
  }

  async #paper<T>(
    name: string,
    read: (folder: string, manifest: ModelManifest) => Promise<Paper<T>>,
  ): Promise<T | undefined> {
    const { manifest, folder } = await this.#find(name);
    return folder === undefined ? undefined : (await read(join(this.#options.directory, folder), manifest)).content;
  }

  async #find(name: string): Promise<{ readonly manifest: ModelManifest; readonly folder: string | undefined }> {
    const folders = await this.#folders();
    const used = this.#options.entries().find((entry) => entry.name === name)?.model?.manifest;
    const manifest = used ?? ownOf(name, folders)?.manifest;
    if (manifest === undefined) {
      throw new AppError('MODEL_UNKNOWN', `no model ${name}, expected one that GET /api/models lists with its version`);
    }
    const holding = readable(folders).filter(({ manifest: { sha256, version } }) => {
      return sha256 === manifest.sha256 && version === manifest.version;
    });
    return { manifest, folder: (holding.find(({ folder }) => folder === name) ?? holding[0])?.folder };
  }

  async #folders(): Promise<Folder[]> {
    const { directory } = this.#options;
    const names = await readdir(directory).catch((): string[] => []); // a directory that is not there holds no models
    const named = names.filter((name) => ModelName.safeParse(name).success).sort();
    const found = await Promise.all(named.slice(0, FOLDERS_LIMIT).map((name) => readFolder(directory, name)));
    return found.filter((folder) => folder !== undefined);
  }
}

async function readFolder(directory: string, folder: string): Promise<Folder | undefined> {
  const path = join(directory, folder);
  const isModel = await access(join(path, MANIFEST_FILE)).then(
    () => true,
    () => false,
  );
  if (!isModel) return undefined;
  const manifest = await readManifest(path);
  return { folder, manifest: Array.isArray(manifest) ? unfitness(manifest) : manifest };
}

function toKnown({ name, state, reason, cuts, model, previous }: ModelEntry, folders: readonly Folder[]): KnownModel {
  const manifest = model?.manifest ?? ownOf(name, folders)?.manifest;
  return { name, state, reason, cuts, manifest, previous: previous?.manifest, folders: versionsOf(name, folders) };
}

function toUnused(name: string, folders: readonly Folder[]): KnownModel {
  const own = ownOf(name, folders);
  const shared = { name, cuts: 0, manifest: own?.manifest, folders: versionsOf(name, folders) };
  if (own !== undefined) return { ...shared, state: 'unused' };
  const reason = folders.find(({ folder }) => folder === name)?.manifest as string;
  return { ...shared, state: 'unfit', reason };
}

/** What a folder is listed under: the model it says it holds, or itself where it says nothing that can be read. */
function nameOf({ folder, manifest }: Folder): string {
  return typeof manifest === 'string' ? folder : manifest.name;
}

function versionsOf(name: string, folders: readonly Folder[]): KnownModel['folders'] {
  return readable(folders)
    .filter(({ manifest }) => manifest.name === name)
    .map(({ folder, manifest }) => ({ folder, version: manifest.version }));
}

/** The folder of a model's own name, else the first that holds one. */
function ownOf(name: string, folders: readonly Folder[]): ReadableFolder | undefined {
  const holding = readable(folders).filter(({ manifest }) => manifest.name === name);
  return holding.find(({ folder }) => folder === name) ?? holding[0];
}

type ReadableFolder = Folder & { readonly manifest: ModelManifest };

function readable(folders: readonly Folder[]): ReadableFolder[] {
  return folders.filter((folder): folder is ReadableFolder => typeof folder.manifest !== 'string');
}
