export const starters = {
  starters: {
    label: 'Start from',
    empty: 'Empty',
    emptyHint: 'A few lines that answer /hello/:name',
    makes: 'Made with it:',
    makesCode: 'Comes with its code; it needs no models or variables.',
    asks: 'Yours to fill in under Environment:',
  },
} as const
