import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** What Linux desktops start at login: a file of a known name (XDG Desktop Application Autostart 0.5). */
export interface AutostartFile {
  isOn(): Promise<boolean>
  set(on: boolean): Promise<void>
}

/**
 * @param configHome `$XDG_CONFIG_HOME`, or `~/.config`
 * @param command the program and its arguments; of an AppImage the image itself, since what it mounts is gone after
 */
export function createAutostartFile(options: {
  configHome: string
  command: readonly string[]
}): AutostartFile {
  const path = join(options.configHome, 'autostart/m3m.desktop')
  return {
    isOn: () =>
      readFile(path, 'utf8').then(
        (text) => !/^Hidden=true$/m.test(text),
        () => false,
      ),
    async set(on) {
      if (!on) return rm(path, { force: true })
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, desktopEntry(options.command))
    },
  }
}

function desktopEntry(command: readonly string[]): string {
  const lines = [
    '[Desktop Entry]',
    'Type=Application',
    'Name=m3m',
    `Exec=${command.map(quoted).join(' ')}`,
    'X-GNOME-Autostart-enabled=true',
  ]
  return `${lines.join('\n')}\n`
}

/** Desktop Entry Specification 1.5, "The Exec key": in double quotes, with these escaped; % is doubled. */
function quoted(argument: string): string {
  const escaped = argument.replace(/[\\"`$]/g, '\\$&').replaceAll('%', '%%')
  return `"${escaped}"`
}
