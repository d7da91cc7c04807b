import { camel, constant, pascal } from './names.ts'

/** A runtime module with one member, complete enough for the contract test. Add its line to modules/rooms.ts. */
export function moduleFiles(name: string): Record<string, string> {
  const folder = `packages/runtime/src/modules/${name}`
  const global = camel(name)
  return {
    [`${folder}/index.ts`]: `import { defineModule } from '../../module/define-module.ts'
import { create${pascal(name)}Host } from './${name}.host.ts'

export const ${global} = defineModule({ name: '${name}', host: create${pascal(name)}Host })
`,
    [`${folder}/${name}.contract.ts`]: `/** Longest text that \`greet\` takes, in characters. */
export const MAX_NAME_CHARS = 100

/** The texts of this room's errors, for both halves and for the table in ${name}.errors.ts. */
export const ${global}Texts = {
  ${constant(name)}_ARGUMENT_INVALID: (p: { call: string; expected: string }) => \`"\${p.call}" expects \${p.expected}.\`,
}
`,
    [`${folder}/${name}.errors.ts`]: `import { defineErrors } from '@m3m/base'
import { ${global}Texts } from './${name}.contract.ts'

export const ${global}Errors = defineErrors({
  ${constant(name)}_ARGUMENT_INVALID: { blame: 'user', status: 400, text: ${global}Texts.${constant(name)}_ARGUMENT_INVALID },
})
`,
    [`${folder}/${name}.host.ts`]: `import type { HostContext, HostModule } from '../../module/define-module.ts'
import { MAX_NAME_CHARS } from './${name}.contract.ts'
import { ${global}Errors } from './${name}.errors.ts'

/** The half that runs in the runner process: the only file of the room that may use node:*. */
export function create${pascal(name)}Host({ project }: HostContext): HostModule {
  return {
    calls: {
      greet([who]) {
        if (typeof who !== 'string' || who.length > MAX_NAME_CHARS)
          throw ${global}Errors.${constant(name)}_ARGUMENT_INVALID({ call: '${global}.greet', expected: \`a name of at most \${MAX_NAME_CHARS} characters\` })
        return \`\${project.name} greets \${who}\`
      },
    },
  }
}
`,
    [`${folder}/${name}.sandbox.ts`]: `import type { SandboxRoom } from '../../sandbox/lane.ts'

export const room: SandboxRoom = (lane) => ({
  greet: (who: unknown) => lane.call<string>('${name}.greet', [who]),
})
`,
    [`${folder}/${name}.d.ts`]: `/** What the module is for, in one sentence. */
interface ${pascal(name)}Module {
  /**
   * A greeting in the name of the project.
   * @throws ${constant(name)}_ARGUMENT_INVALID when \`who\` is no text or longer than 100 characters
   */
  greet(who: string): Promise<string>
}

declare const ${global}: ${pascal(name)}Module
`,
    [`${folder}/${name}.docs.md`]: `# ${global}

What the module is for, in one sentence.

## greet

\`\`\`js
logger.info(await ${global}.greet('Ann'))
\`\`\`
`,
    [`${folder}/${name}.host.test.ts`]: `import { expect, test } from 'vitest'
import type { CallContext, HostContext } from '../../module/define-module.ts'
import { create${pascal(name)}Host } from './${name}.host.ts'

test('a greeting names the project', () => {
  const host = create${pascal(name)}Host({ project: { id: 'p1', slug: 'shop', name: 'Shop' } } as HostContext)
  expect(host.calls['greet']!(['Ann'], {} as CallContext)).toBe('Shop greets Ann')
})
`,
  }
}
