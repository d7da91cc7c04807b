/** Справочник по тому, чем может пользоваться сервис. */
export const reference = {
  reference: {
    search: 'Поиск по справочнику',
    modules: 'Модули',
    hits: 'Найдено',
    hitCount_one: '{{count}} место',
    hitCount_few: '{{count}} места',
    hitCount_many: '{{count}} мест',
    hitCount_other: '{{count}} места',
    ofPlugin: 'Модуль плагина {{name}}: он есть у сервиса, если плагин включён в настройках проекта.',
    spellings:
      'Вызовы {{name}}, которые ждут, возвращают промис; вызовы ${{name}} ждут сами и возвращают ответ.',
    declarations: 'Типы',
    signature: 'Как вызывается {{name}}',
    returns: 'Возвращает',
    throws: 'Ошибки',
  },
} as const
