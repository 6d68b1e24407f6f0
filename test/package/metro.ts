import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

// Its own declarations need those of all of Metro.
const { resolve } = createRequire(import.meta.url)('metro-resolver') as {
  readonly resolve: (
    context: object,
    name: string,
    platform: null,
  ) => { readonly filePath: string };
};

/** Finds what a program in a folder imports, as Metro does with its defaults. */
export function resolveAsMetro(
  folder: string,
  name: string,
  enablePackageExports: boolean,
): string {
  const context = {
    allowHaste: false,
    assetExts: new Set(),
    customResolverOptions: {},
    disableHierarchicalLookup: false,
    doesFileExist: (path: string) => existsSync(path) && statSync(path).isFile(),
    extraNodeModules: null,
    fileSystemLookup: (path: string) => {
      if (!existsSync(path)) return { exists: false };
      const type = statSync(path).isDirectory() ? 'd' : 'f';
      return { exists: true, type, realPath: realpathSync(path) };
    },
    getPackage: (path: string): unknown => (existsSync(path) ? readJson(path) : null),
    getPackageForModule: (path: string) => {
      for (let rootPath = dirname(path); ; rootPath = dirname(rootPath)) {
        const file = join(rootPath, 'package.json');
        if (existsSync(file)) {
          const packageJson = readJson(file);
          return { packageJson, rootPath, packageRelativePath: relative(rootPath, path) };
        }
        if (rootPath === dirname(rootPath)) return null;
      }
    },
    isESMImport: false,
    mainFields: ['react-native', 'browser', 'main'],
    nodeModulesPaths: [],
    originModulePath: join(folder, 'program.js'),
    preferNativePlatform: false,
    redirectModulePath: (path: string) => path,
    resolveAsset: () => undefined,
    resolveHasteModule: () => undefined,
    resolveHastePackage: () => undefined,
    sourceExts: ['js', 'json'],
    unstable_conditionNames: ['react-native'],
    unstable_conditionsByPlatform: {},
    unstable_enablePackageExports: enablePackageExports,
    unstable_incrementalResolution: false,
    unstable_logWarning: (message: string) => {
      throw new Error(message);
    },
  };
  return resolve(context, name, null).filePath;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
