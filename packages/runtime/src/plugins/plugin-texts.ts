import type { PluginManifest } from './plugin.contract.ts'

/** `nativeHash` → `NativeHashModule`, the interface that a plugin's `.d.ts` declares. */
export function interfaceOf({ global }: Pick<PluginManifest, 'global'>): string {
  return `${global[0]!.toUpperCase()}${global.slice(1)}Module`
}

/** The plugin's declarations; where it has none of its interface, anything goes. */
export function declarationsOf(manifest: PluginManifest, dts: string | null): string {
  const name = interfaceOf(manifest)
  if (dts !== null && new RegExp(`^interface ${name}\\b`, 'm').test(dts)) return dts
  const docs = manifest.description === '' ? '' : `/** ${manifest.description.replaceAll('*/', '* /')} */\n`
  return `${docs}interface ${name} {\n  [member: string]: any\n}\n`
}

/** Members as the plugin's `.d.ts` names them: lines of its interface that are indented by two blanks. */
export function declaredMembers(manifest: PluginManifest, dts: string | null): string[] {
  const body = new RegExp(`^interface ${interfaceOf(manifest)}[^{]*\\{\\n([\\s\\S]*?)^\\}`, 'm').exec(
    dts ?? '',
  )?.[1]
  const names = [...(body ?? '').matchAll(/^ {2}(?:readonly )?(\w+)\??(?=[(:<])/gm)].map((match) => match[1]!)
  return [...new Set(names)]
}
