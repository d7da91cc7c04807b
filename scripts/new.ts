// npm run new:feature|new:module|new:plugin <name>: lays out a room with every file that the contract tests ask for.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './build/targets.ts'
import { featureFiles } from './new/feature.ts'
import { moduleFiles } from './new/module.ts'
import { pluginFiles } from './new/plugin.ts'

const kinds: Record<string, (name: string) => Record<string, string>> = {
  feature: featureFiles,
  module: moduleFiles,
  plugin: pluginFiles,
}
const [kind = '', name = ''] = process.argv.slice(2)
const make = kinds[kind]

if (!make || !/^[a-z][a-z0-9-]*$/.test(name)) {
  console.error('usage: npm run new:feature|new:module|new:plugin -- <kebab-case-name>')
  process.exit(1)
}

const files = Object.entries(make(name))
const taken = files.find(([path]) => existsSync(join(root, path)))
if (taken) {
  console.error(`${taken[0]} exists already; choose another name`)
  process.exit(1)
}
for (const [path, text] of files) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
  console.log(`made ${path}`)
}
