import type { PipelineRepo } from './pipeline.repo.ts'

/** Branches and releases as they are stored, for who carries a whole project out and in. Nothing is checked here. */
export type CodeStore = Pick<PipelineRepo, 'branches' | 'releases' | 'setLastVersion' | 'everything'>
