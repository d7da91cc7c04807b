/** Справочник по тому, чем может пользоваться сервис. */
export const reference = {
  reference: {
    search: 'Поиск по справочнику',
    modules: 'Модули',
    hits: 'Найдено',
    hitCount_one: '{{count, number}} место',
    hitCount_few: '{{count, number}} места',
    hitCount_many: '{{count, number}} мест',
    hitCount_other: '{{count, number}} места',
    ofPlugin: 'Модуль плагина {{name}}: он есть у сервиса, если плагин включён в настройках проекта.',
    spellings:
      'Вызовы {{name}}, которые ждут, возвращают промис; вызовы ${{name}} ждут сами и возвращают ответ.',
    declarations: 'Типы',
    signature: 'Как вызывается {{name}}',
    returns: 'Возвращает',
    throws: 'Ошибки',
  },
} as const
