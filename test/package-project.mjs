import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const run = promisify(execFile)

const npm = (cwd, ...args) => run('npm', [...args, '--offline', '--no-audit', '--no-fund'], { cwd })

/**
 * An empty project into which the package has been installed as npm would: packed, then unpacked. `borrowed` are packages of
 * ours that its code imports too.
 * @param {{ borrowed?: string[] }} [options]
 */
export async function createProject({ borrowed = [] } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'pw-tag-project-'))
  const { stdout } = await npm(root, 'pack', '--json', '--pack-destination', folder)
  const [{ filename, files }] = JSON.parse(stdout)
  const write = async (name, content) => {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  await write('package.json', JSON.stringify({ name: 'project', type: 'module', private: true }))
  await npm(folder, 'install', `./${filename}`)
  for (const name of borrowed) {
    await mkdir(dirname(join(folder, 'node_modules', name)), { recursive: true })
    await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  }
  return {
    folder,
    /** Paths of what the package holds. */
    files: files.map(({ path }) => path).sort(),
    write,
    read: name => readFile(join(folder, name), 'utf8'),
    /** What TypeScript says of these files, under its strictest settings. Nothing is good. */
    check: async (names, compilerOptions = {}) => {
      const name = `tsconfig.${names.join().replace(/\W/g, '-')}.json`
      await write(
        name,
        JSON.stringify({
          compilerOptions: {
            target: 'ES2020',
            module: 'ESNext',
            moduleResolution: 'bundler',
            lib: ['ES2020', 'DOM'],
            types: [],
            strict: true,
            noEmit: true,
            skipDefaultLibCheck: true,
            exactOptionalPropertyTypes: true,
            ...compilerOptions,
          },
          files: names,
        }),
      )
      const args = [join(root, 'node_modules/typescript/bin/tsc'), '-p', name]
      return run(process.execPath, args, { cwd: folder }).then(
        () => '',
        ({ stdout, stderr }) => stdout || stderr,
      )
    },
    /** The bundle that Vite makes of this entry. */
    bundle: async entry => {
      const made = await build({
        root: folder,
        configFile: false,
        logLevel: 'silent',
        esbuild: { jsx: 'automatic' },
        define: { 'process.env.NODE_ENV': '"production"' },
        build: { write: false, lib: { entry, formats: ['iife'], name: 'project' } },
      })
      return [made].flat()[0].output[0].code
    },
    run: code =>
      run(process.execPath, ['--input-type=module', '-e', code], { cwd: folder }).then(
        ({ stdout }) => stdout.trim(),
      ),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
