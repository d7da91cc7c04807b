/** Given to the handler of an action: who pressed, and how to speak to that person. */
interface ActionContext {
  readonly slug: string
  readonly name: string
  /** The operator who pressed. */
  readonly by: { readonly id: string; readonly name: string }
  readonly userId: string
  /** Names this press: for `ui` calls elsewhere. */
  readonly sessionId: string
  /** Aborted when the person has left; dialogs are answered `null` from then on. */
  readonly signal: AbortSignal
  /** As the module `ui`, always for the person of this press. */
  readonly ui: UiModule
  /** Shows the button as busy to everybody, or no longer. Until then it cannot be pressed. */
  loading(on?: boolean): void
  /** Lets the button be pressed, or not. */
  active(on?: boolean): void
}

interface ActionOptions {
  /** Text of the button. Default: the slug. */
  name?: string
  /** A line beside it. */
  description?: string
  /** One of the panel's sixteen colours (those of projects). */
  color?: string
  /** A question asked before it begins. `true`: one made of the name. */
  confirm?: string | boolean
}

/** Buttons on the project's Overview, for developers and owners of the project. */
interface ActionsModule {
  /**
   * Puts a button on the Overview while the service runs; the last definition of a slug counts. What the handler returns is
   * shown to the person, what it throws is shown and logged. One press takes at most 30 minutes, its dialogs included.
   * @throws ACTIONS_SLUG_INVALID, ACTIONS_HANDLER_INVALID, ACTIONS_OPTION_INVALID, ACTIONS_TOO_MANY
   */
  define(slug: string, options: ActionOptions, handler: (ctx: ActionContext) => unknown): void
  define(slug: string, handler: (ctx: ActionContext) => unknown): void
  /** Takes the button away. @returns false when there was none. */
  remove(slug: string): boolean
  /** @returns false when there is no such action. @throws ACTIONS_OPTION_INVALID */
  setState(slug: string, state: 'enabled' | 'disabled' | 'loading'): boolean
  /** The buttons of this service, with those of `hook.onAction`. */
  list(): {
    slug: string
    name: string
    description: string
    state: 'enabled' | 'disabled' | 'loading'
  }[]
}
