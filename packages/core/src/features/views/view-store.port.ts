import type { ViewsRepo } from './views.repo.ts'

/** Saved views as they are stored, for who carries a whole project out and in. Nothing is checked here. */
export type ViewStore = ViewsRepo
