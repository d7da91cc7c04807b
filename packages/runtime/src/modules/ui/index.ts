import { defineModule } from '../../module/define-module.ts'

/** Dialogs wait for people, so there is no blocking form: `$ui` is the same object, for the original's scripts. */
export const ui = defineModule({ name: 'ui', aliases: ['$ui'], twin: false })
