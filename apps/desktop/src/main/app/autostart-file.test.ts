import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTempFolder } from '../testing/temp-folder.ts'
import { createAutostartFile } from './autostart-file.ts'

test('is made, seen and taken away; what a person turned off elsewhere counts as off', async () => {
  await using folder = await makeTempFolder()
  const command = ['/opt/my "apps"/m3m$1 100%.AppImage', '--hidden']
  const autostart = createAutostartFile({ configHome: folder.path, command })
  expect(await autostart.isOn()).toBe(false)
  await autostart.set(false)
  await autostart.set(true)
  expect(await autostart.isOn()).toBe(true)
  const text = await readFile(join(folder.path, 'autostart/m3m.desktop'), 'utf8')
  expect(text).toContain(String.raw`Exec="/opt/my \"apps\"/m3m\$1 100%%.AppImage" "--hidden"`)
  await autostart.set(false)
  expect(await autostart.isOn()).toBe(false)
})
