/** Keys of a project: what one may do, for which models, and until when. */
export const apiKeys = {
  apiKeys: {
    models: 'Модели для records:read и records:write',
    allModels: 'Все модели, и будущие тоже',
    chosenModels: 'Только выбранные модели',
    chooseModel: 'Выберите хотя бы одну модель.',
    only: 'только',
    goneModel: 'удалённая модель',
    may: {
      recordsRead: 'читать записи, следить за ними и получать их файлы',
      recordsWrite: 'создавать, менять и удалять записи',
      goalsWrite: 'пополнять цели',
      runsRead: 'видеть, что работает, и лог',
      runsControl: 'запускать, останавливать и перезапускать',
      mcp: 'подключаться как сервер инструментов (MCP)',
    },
    life: 'Истекает',
    lives: {
      never: 'Никогда',
      month: 'Через 30 дней',
      quarter: 'Через 90 дней',
      year: 'Через год',
    },
    neverExpires: 'бессрочный',
    expires: 'истекает',
    expired: 'истёк',
    renew: 'Выпустить {{name}} заново',
    renewTitle: 'Выпустить {{name}} заново?',
    renewHint: 'Программы со старым ключом с этой минуты получат отказ. Название и права останутся.',
    renewAction: 'Выпустить заново',
  },
} as const
