/** Keys of a project: the models that one is for. */
export const apiKeys = {
  apiKeys: {
    models: 'Модели для records:read и records:write',
    allModels: 'Все модели, и будущие тоже',
    chosenModels: 'Только выбранные модели',
    chooseModel: 'Выберите хотя бы одну модель.',
    only: 'только',
    goneModel: 'удалённая модель',
  },
} as const
