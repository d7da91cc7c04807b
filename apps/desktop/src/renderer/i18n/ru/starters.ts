export const starters = {
  starters: {
    label: 'С чего начать',
    empty: 'Пустой проект',
    emptyHint: 'Несколько строк, отвечающих на /hello/:name',
    makes: 'Создаётся вместе с ним:',
    makesCode: 'Только код: ни модели, ни переменные не нужны.',
    asks: 'Заполните сами в разделе «Переменные»:',
  },
} as const
