import type { MenuItemConstructorOptions } from 'electron'
import type { AgentEntry, Favourite, LocalAgentState } from '../../shared/desktop-port.ts'
import type { NativeTexts } from '../native-texts.ts'

export interface TrayActions {
  open(agentId: string | null, path?: string): void
  command(agentId: string, projectId: string, what: 'start' | 'stop'): void
  startLocal(): void
  stopLocal(): void
  quit(): void
}

/** The tray's menu: every agent with what its services do and its favourites, then the agent of this computer. */
export function trayTemplate(options: {
  texts: NativeTexts
  agents: readonly AgentEntry[]
  local: LocalAgentState
  actions: TrayActions
}): MenuItemConstructorOptions[] {
  const { texts, agents, local, actions } = options
  const entries = agents.flatMap((agent): MenuItemConstructorOptions[] => [
    {
      id: `tray-${agent.id}`,
      label: `${agent.name.replaceAll('&', '&&')}: ${stateText(agent, texts)}`,
      click: () => actions.open(agent.id),
    },
    ...agent.favourites.map((favourite) => favouriteEntry({ favourite, agent, texts, actions })),
  ])
  const toggle: MenuItemConstructorOptions[] =
    local.state === 'running'
      ? [{ id: 'tray-local-stop', label: texts.stopLocal, click: () => actions.stopLocal() }]
      : local.state === 'stopped' || local.state === 'failed'
        ? [{ id: 'tray-local-start', label: texts.startLocal, click: () => actions.startLocal() }]
        : []
  return [
    { id: 'tray-open', label: texts.open, click: () => actions.open(null) },
    { type: 'separator' },
    ...entries,
    ...(entries.length > 0 ? [{ type: 'separator' as const }] : []),
    ...toggle,
    { id: 'tray-quit', label: texts.quit, click: () => actions.quit() },
  ]
}

/** One that cannot be reached can still be opened. */
function favouriteEntry(options: {
  favourite: Favourite
  agent: AgentEntry
  texts: NativeTexts
  actions: TrayActions
}): MenuItemConstructorOptions {
  const { favourite, agent, texts, actions } = options
  const { projectId, slug, name, state } = favourite
  const command = (what: 'start' | 'stop'): MenuItemConstructorOptions => ({
    id: `tray-${what}-${projectId}`,
    label: texts[what],
    click: () => actions.command(agent.id, projectId, what),
  })
  const commands =
    state === 'running' || state === 'starting'
      ? [command('stop')]
      : state === 'stopped' || state === 'crashed'
        ? [command('start')]
        : []
  return {
    id: `tray-project-${projectId}`,
    label: `    ${name.replaceAll('&', '&&')}: ${texts.service[state ?? 'unknown']}`,
    submenu: [
      ...commands,
      {
        id: `tray-open-${projectId}`,
        label: texts.openPage,
        click: () => actions.open(agent.id, `/projects/${slug}`),
      },
    ],
  }
}

/** `Offline`; `3 running`; `3 running, 1 crashed`. */
function stateText({ status }: AgentEntry, texts: NativeTexts): string {
  if (status.state !== 'online') return texts.state[status.state]
  const { services } = status
  if (services === null) return texts.state.online
  const running = texts.running(services.running)
  return services.crashed > 0 ? `${running}, ${texts.crashed(services.crashed)}` : running
}

/** The tray has one mark: whether anything is wrong anywhere. */
export function trayTooltip(agents: readonly AgentEntry[], texts: NativeTexts): string {
  const crashed = agents.reduce((sum, { status }) => sum + (status.services?.crashed ?? 0), 0)
  return crashed > 0 ? `m3m: ${texts.crashed(crashed)}` : 'm3m'
}
