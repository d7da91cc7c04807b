import type { ProjectRight } from './features/access/access.schema.ts'

/** `public`: nothing; `signed-in`: a live sign-in; the others: that right of the agent. */
export type AgentNeed = 'public' | 'signed-in' | 'root' | 'manage-users' | 'create-projects'

/**
 * What a procedure demands. `project`: that right in the project that the input names by `projectId` (or
 * `slug`); `without`: what holds instead when it names none. `goal`: that right in the project of the goal, or
 * of each goal, that the input names; `global`: what holds for a goal of no project.
 */
export type Need =
  | AgentNeed
  | { readonly project: ProjectRight; readonly without?: AgentNeed }
  | { readonly goal: ProjectRight; readonly global: AgentNeed }

const view: Need = { project: 'view' }
const records: Need = { project: 'records:write' }
const files: Need = { project: 'files:write' }
const code: Need = { project: 'code:write' }
const run: Need = { project: 'run' }
const settings: Need = { project: 'settings' }

/**
 * Procedure → what it demands: the one table (product.md, Operators and rights). A procedure without an entry
 * cannot be called, and fails procedure-rights.test.ts.
 */
export const PROCEDURE_RIGHTS: Readonly<Record<string, Need>> = {
  'agent.info': 'public',
  'agent.procedures': 'signed-in',
  'agent.logs': 'root',
  'agent.tailLog': 'root',
  'agent.settings': 'root',
  'agent.updateSettings': 'root',
  'agent.sendTestMail': 'root',
  'agent.updates': 'root',
  'agent.checkUpdates': 'root',
  'agent.backup.list': 'root',
  'agent.backup.make': 'root',
  'agent.backup.verify': 'root',
  'agent.backup.remove': 'root',
  'agent.backup.restore': 'root',

  'auth.setUpNeeded': 'public',
  'auth.setUp': 'public',
  'auth.login': 'public',
  'auth.refresh': 'public',
  'auth.logout': 'public',
  'auth.me': 'signed-in',
  'auth.sessions': 'signed-in',
  'auth.revokeSession': 'signed-in',
  'auth.revokeOtherSessions': 'signed-in',

  'profile.update': 'signed-in',
  'profile.changePassword': 'signed-in',

  'users.list': 'manage-users',
  'users.create': 'manage-users',
  'users.update': 'manage-users',
  'users.block': 'manage-users',
  'users.unblock': 'manage-users',
  'users.remove': 'manage-users',
  'users.resetPassword': 'manage-users',

  'alerts.list': { project: 'view', without: 'signed-in' },
  'alerts.watch': 'signed-in',
  'alerts.rules.list': { project: 'settings', without: 'root' },
  'alerts.rules.save': { project: 'settings', without: 'root' },
  'alerts.rules.remove': { project: 'settings', without: 'root' },
  'alerts.rules.test': { project: 'settings', without: 'root' },

  'audit.list': 'manage-users',

  'projects.list': 'signed-in',
  'projects.watch': 'signed-in',
  'projects.get': view,
  'projects.suggestSlug': 'create-projects',
  'projects.create': 'create-projects',
  'projects.update': settings,
  'projects.limits': settings,
  'projects.remove': { project: 'delete' },
  'projects.audit': settings,
  'projects.sendTestMail': settings,
  'projects.members.list': view,
  'projects.members.add': settings,
  'projects.members.update': settings,
  'projects.members.remove': settings,
  'projects.apiKeys.list': settings,
  'projects.apiKeys.create': settings,
  'projects.apiKeys.regenerate': settings,
  'projects.apiKeys.revoke': settings,

  'pipeline.template': 'signed-in',
  'pipeline.branches': view,
  'pipeline.branch': view,
  'pipeline.createBranch': code,
  'pipeline.saveFiles': code,
  'pipeline.check': view,
  'pipeline.resetBranch': code,
  'pipeline.removeBranch': code,
  'pipeline.releases': view,
  'pipeline.recentReleases': 'signed-in',
  'pipeline.release': view,
  'pipeline.createRelease': run,
  'pipeline.removeRelease': run,
  'pipeline.clearReleases': run,
  'pipeline.diff': view,
  'pipeline.search': view,

  'runs.start': run,
  'runs.stop': run,
  'runs.restart': run,
  'runs.state': view,
  'runs.states': 'signed-in',
  'runs.history': view,
  'runs.logs': view,
  'runs.watch': view,
  'runs.watchAll': 'signed-in',
  'runs.tail': view,

  'metrics.live': view,
  'metrics.history': view,
  'metrics.routes': view,
  'metrics.jobs': view,
  'metrics.agent': 'signed-in',
  'metrics.agentHistory': 'signed-in',
  'jobs.history': view,
  'jobs.delayed': view,
  'jobs.cancelDelayed': run,
  'jobs.runNow': run,
  'jobs.pause': run,
  'jobs.resume': run,

  // What programs sent, and were sent: more than logs tell, so for those who may run the service.
  'requests.list': run,
  'requests.get': run,
  'requests.watch': run,
  'requests.clear': run,

  'actions.list': view,
  'actions.press': run,
  'actions.follow': run,
  'actions.answer': run,

  'env.list': view,
  'env.history': view,
  'env.save': code,

  'models.list': view,
  'models.counts': view,
  'models.sizes': view,
  'models.progress': view,
  'models.get': view,
  'models.create': code,
  'models.update': code,
  'models.remove': code,

  'records.list': view,
  'records.get': view,
  'records.create': records,
  'records.update': records,
  'records.remove': records,
  'records.bulk': records,
  'records.aggregate': view,
  'records.revisions': view,
  'records.restore': records,
  'records.emptyTrash': records,
  'records.import': records,
  'records.export': view,
  'records.updateMany': records,
  'records.removeMany': records,
  'records.restoreMany': records,
  'records.watch': view,
  'records.startImport': records,
  'records.imports': view,

  'views.list': view,
  'views.save': records,
  'views.remove': records,

  'queue.list': view,
  'queue.get': view,
  'queue.counts': view,
  'queue.summaries': view,
  'queue.retry': run,
  'queue.retryAll': run,
  'queue.remove': run,
  'queue.clear': run,

  'goals.list': { project: 'view', without: 'signed-in' },
  'goals.create': { project: 'code:write', without: 'manage-users' },
  'goals.update': { goal: 'code:write', global: 'manage-users' },
  'goals.remove': { goal: 'code:write', global: 'manage-users' },
  'goals.reset': { goal: 'code:write', global: 'manage-users' },
  'goals.stats': { goal: 'view', global: 'signed-in' },

  'runtime.types': view,
  'runtime.reference': 'signed-in',
  'runtime.plugins': { project: 'view', without: 'signed-in' },

  'plugins.list': 'root',
  'plugins.rescan': 'root',
  'plugins.check': 'root',
  'plugins.configure': 'root',
  'plugins.enable': settings,

  'search.everywhere': { project: 'view', without: 'signed-in' },

  'starters.list': 'create-projects',
  'starters.createProject': 'create-projects',

  'storage.list': view,
  'storage.stat': view,
  'storage.search': view,
  'storage.measure': view,
  'storage.archive': view,
  'storage.readText': view,
  'storage.writeText': files,
  'storage.mkdir': files,
  'storage.rename': files,
  'storage.move': files,
  'storage.copy': files,
  'storage.remove': files,
  'storage.link': files,
  'storage.links.list': view,
  'storage.links.revoke': files,
  'storage.ticket': view,
}
