// The agent as it goes into the desktop app: sources (Node runs TypeScript), what was built, and exactly the packages
// it needs at run time, with the Node of this system.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { BUNDLE, freshBundle, SEALED } from '../../apps/agent/src/bundle.ts'

interface Manifest {
  name?: string
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  peerDependenciesMeta?: Record<string, { optional?: boolean }>
}

/** What the agent reads besides its own packages: the panel's build, the starters and the settings it is handed out with. */
const FURTHER = ['apps/desktop/dist-web', 'examples', 'config.yaml', 'package.json', 'LICENSE']
/** Not needed to run: tests, benchmarks, sources' own packages (they are staged once, at the top). */
const LEFT_OUT = /(?:^|\/)(?:node_modules|bench|test|testing|suite|\.stamp|[^/]+\.test\.ts)(?:\/|$)/

/**
 * Puts the agent of the repository `root` into `folder`, which is emptied first. The panel and the prelude must
 * have been built.
 *
 * @returns the folders that were copied, relative to `root`
 */
export function stageAgent(root: string, folder: string): string[] {
  rmSync(folder, { recursive: true, force: true })
  const places = [...closure(root, join(root, 'apps/agent'))].sort()
  for (const place of places) {
    const path = relative(root, place)
    const own = !path.split(sep).includes('node_modules')
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(place, join(folder, path), {
      recursive: true,
      dereference: true,
      filter: (from) => {
        const inside = relative(place, from)
        return own
          ? !LEFT_OUT.test(inside)
          : !inside.split(sep).includes('node_modules') && !isNodeExtra(place, inside)
      },
    })
    // Packages of ours are found by their names, as npm's links make them found in the repository.
    if (own) link(folder, path, readManifest(place).name!)
  }
  for (const path of FURTHER)
    if (existsSync(join(root, path))) cpSync(join(root, path), join(folder, path), { recursive: true })
  sealBundle(root, folder)
  return places.map((place) => relative(root, place))
}

// Copies have times of their own; nobody edits what an app brings along.
function sealBundle(root: string, folder: string): void {
  if (freshBundle(root) === null) rmSync(dirname(join(folder, BUNDLE)), { recursive: true, force: true })
  else writeFileSync(join(folder, SEALED), '')
}

/** Folders of every package that is reached at run time; optional ones that are not for this system are not there. */
function closure(root: string, start: string): Set<string> {
  const found = new Set<string>()
  const open = [start]
  for (const node of nodePackages(root)) open.push(node)
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (found.has(place)) continue
    found.add(place)
    const manifest = readManifest(place)
    for (const name of neededBy(manifest)) {
      const next = resolvePackage(root, place, name)
      if (next !== null) open.push(next)
      else if (manifest.dependencies?.[name] !== undefined)
        throw new Error(`${name}, which ${relative(root, place)} needs, is not installed: run npm ci`)
    }
  }
  return found
}

function neededBy(manifest: Manifest): string[] {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = manifest
  const peers = Object.keys(peerDependencies ?? {}).filter((name) => !peerDependenciesMeta?.[name]?.optional)
  return [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]
}

/** The Node that npm brought for this system (the root's optional dependencies). */
function nodePackages(root: string): string[] {
  return Object.keys(readManifest(root).optionalDependencies ?? {})
    .map((name) => join(root, 'node_modules', name))
    .filter((place) => existsSync(place))
}

/** As Node does: the nearest node_modules above; a workspace's link leads to its folder. */
function resolvePackage(root: string, from: string, name: string): string | null {
  for (let folder = from; folder.startsWith(root); folder = dirname(folder)) {
    const place = join(folder, 'node_modules', name)
    if (existsSync(join(place, 'package.json'))) return ownFolder(root, place, name)
  }
  return null
}

function ownFolder(root: string, place: string, name: string): string {
  if (!name.startsWith('@m3m/')) return place
  const short = name.slice('@m3m/'.length)
  const folder = [`packages/${short}`, `apps/${short}`].find((path) => existsSync(join(root, path)))
  return folder === undefined ? place : join(root, folder)
}

/** Headers, manuals and npm of the Node packages: 90 MB that nobody runs. */
function isNodeExtra(place: string, inside: string): boolean {
  return (
    /\/node-(?:bin-)?(?:linux|darwin|win)-[^/]+$/.test(place) &&
    /^(?:include|share|lib|CHANGELOG)/.test(inside)
  )
}

function link(folder: string, path: string, name: string): void {
  const at = join(folder, 'node_modules', name)
  mkdirSync(dirname(at), { recursive: true })
  symlinkSync(relative(dirname(at), join(folder, path)), at)
}

function readManifest(place: string): Manifest {
  return JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as Manifest
}
