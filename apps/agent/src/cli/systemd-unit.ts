export interface UnitOptions {
  scope: 'user' | 'system'
  /** Absolute path of the Node to run on. */
  node: string
  /** Absolute path of the agent's entry. */
  main: string
  /** Folder relative paths start from. */
  home: string
  configFile: string | null
  /** User of a system unit; `null` for root, and in a unit of a user. */
  runAs: string | null
}

/** A unit (systemd.service(5)) that brings the agent up at boot and again whenever it ends. */
export function systemdUnit(options: UnitOptions): string {
  const { scope, node, main, home, configFile, runAs } = options
  const command = [node, main, 'serve', ...(configFile ? ['-c', configFile] : [])].map(quoted).join(' ')
  const lines = [
    '[Unit]',
    'Description=m3m agent (mini services manager)',
    ...(scope === 'system' ? ['Wants=network-online.target', 'After=network-online.target'] : []),
    '# Never give up: what an operator repairs comes back by itself.',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    `ExecStart=${command}`,
    `WorkingDirectory=${plain(home)}`,
    `Environment=${quoted(`M3M_HOME=${home}`)}`,
    ...(runAs ? [`User=${runAs}`] : []),
    'Restart=always',
    'RestartSec=2',
    '# The agent alone is asked to stop, services drain for up to 30 s; what is left then is killed.',
    'KillMode=mixed',
    'TimeoutStopSec=60',
    '# A service process that runs out of memory is replaced by the agent; the unit goes on.',
    'OOMPolicy=continue',
    'LimitNOFILE=65536',
    'UMask=0077',
    ...(scope === 'system' ? ['NoNewPrivileges=yes', 'ProtectSystem=full'] : []),
    '',
    '[Install]',
    `WantedBy=${scope === 'system' ? 'multi-user.target' : 'default.target'}`,
    '',
  ]
  return lines.join('\n')
}

/** One word of a command line: specifiers (%) and variables ($) are not expanded (systemd.service(5), COMMAND LINES). */
function quoted(word: string): string {
  const literal = word
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('%', '%%')
    .replaceAll('$', '$$$$')
  return /^[\w@%+=:,./-]+$/.test(literal) ? literal : `"${literal}"`
}

const plain = (path: string): string => path.replaceAll('%', '%%')
