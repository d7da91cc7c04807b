import type { VariableList } from '@m3m/data/schema'
import type { SignedIn } from '../access/actor.schema.ts'
import type { SaveVariables } from './environment.schema.ts'

/** Variables of a project; the rules are in @m3m/data, which services read too. */
export interface EnvironmentService {
  list(projectId: string): Promise<VariableList>
  /** All at once, or nothing. A running service sees it within a second. */
  save(actor: SignedIn, input: SaveVariables): Promise<VariableList>
}
