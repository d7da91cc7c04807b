/** Keys of a project: the models that one is for. */
export const apiKeys = {
  apiKeys: {
    models: 'Models of records:read and records:write',
    allModels: 'All models, also later ones',
    chosenModels: 'Only chosen models',
    chooseModel: 'Choose at least one model.',
    only: 'only',
    goneModel: 'deleted model',
  },
} as const
