/**
 * The agent's own sentences and parts of sentences, where one code stands for several: English → Russian. What is
 * not here is shown as the agent said it.
 */
export const sentences: Readonly<Record<string, string>> = {
  // packages/core, *.schema.ts
  'Type a name.': 'Введите имя.',
  'A name has no control characters, and none that turn the direction of text.':
    'В имени не бывает управляющих символов и символов, меняющих направление текста.',
  'Type your e-mail address.': 'Введите адрес почты.',
  'Type your password.': 'Введите пароль.',
  'A password has at least 8 characters.': 'В пароле не меньше 8 символов.',
  'A password has at most 256 characters.': 'В пароле не больше 256 символов.',
  'An e-mail address looks like name@example.com.': 'Адрес почты выглядит как name@example.com.',
  'Type an address such as name@example.com.': 'Введите адрес вида name@example.com.',
  'A sender is one line.': 'Отправитель — одна строка.',
  'It has no spaces.': 'В нём нет пробелов.',
  'Type an address such as https://example.com/m3m.json.': 'Введите адрес вида https://example.com/m3m.json.',
  'Type an address that begins with https:// or http://.':
    'Введите адрес, который начинается с https:// или http://.',
  'Type an address such as https://m3m.example.com, without a path.':
    'Введите адрес вида https://m3m.example.com, без пути.',
  'Type an IP address or a range such as 10.0.0.0/8.': 'Введите IP-адрес или диапазон вида 10.0.0.0/8.',
  'Type a host name.': 'Введите имя узла.',
  'A host name has letters, digits, dots and dashes.': 'В имени узла — буквы, цифры, точки и дефисы.',
  'A file has at most 1 MiB of code.': 'В файле не больше 1 МиБ кода.',
  'Choose at least one scope.': 'Выберите хотя бы одно разрешение.',
  'Choose at least one model.': 'Выберите хотя бы одну модель.',
  'Type at least two characters.': 'Введите хотя бы два символа.',
  'A name holds no slash.': 'В имени нет косой черты.',
  'Type a part of a name.': 'Введите часть имени.',
  // packages/data, *.schema.ts
  'letters, digits and _ only, no digit first': 'только латинские буквы, цифры и _, не с цифры',
  'letters, digits and _ only, beginning with a letter': 'только латинские буквы, цифры и _, с буквы',
  'letters, digits, _ and - only, beginning with a letter': 'только латинские буквы, цифры, _ и -, с буквы',
  'this name is reserved': 'это имя занято системой',
  // ACCESS_DENIED, USERS_BEYOND_RIGHTS: what
  'do this; only root may': 'на это — оно только у root',
  'manage operators': 'управлять операторами',
  'manage users': 'управление операторами',
  'create projects': 'создавать проекты',
  // RUN_BOOT_FAILED, RUN_BOOT_TIMEOUT: phase
  'boot callbacks': 'функции boot',
  'start callbacks': 'функции start',
  'main file': 'главный файл',
  // ALERTS_WRONG_OWNER: owner
  'the agent, not to a project': 'к агенту, а не к проекту',
  'a project, not to the agent': 'к проекту, а не к агенту',
  // STORAGE_PATH: problem
  'the root cannot be removed': 'корень удалить нельзя',
  'a folder cannot be put into itself': 'папку нельзя положить в неё саму',
  'a symbolic link is on the way': 'на пути символическая ссылка',
  'it is too long': 'он слишком длинный',
  'a name holds a slash': 'в имени косая черта',
  'it holds a control character, or one that turns the direction of text':
    'в нём управляющий символ или символ, меняющий направление текста',
  'a name ends in a dot or a space': 'имя кончается точкой или пробелом',
  'it holds a backslash; use "/"': 'в нём обратная косая черта; нужна «/»',
  '".." would leave its folder': '«..» выводит из папки',
  // packages/data: FIELD_TYPE, ENV_TYPE
  'This must be a number.': 'Нужно число.',
  'This must be a whole number up to ±9007199254740991.': 'Нужно целое число до ±9007199254740991.',
  'This must be true or false.': 'Нужно true или false.',
  'This must be text.': 'Нужен текст.',
  'This must be a list.': 'Нужен список.',
  'This must be a JSON object or list.': 'Нужен объект или список JSON.',
  'This must be a JSON object.': 'Нужен объект JSON.',
  'It holds text with half a character (a lone surrogate).':
    'В нём текст с половиной символа (одинокий суррогат).',
  'It holds a number that JSON does not know.': 'В нём число, которого JSON не знает.',
  'A record is an object with its fields, such as {"name": "Ann"}.':
    'Запись — это объект с полями, например {"name": "Ann"}.',
  '"$pull" takes a value or {"$in": [values]}.': '«$pull» берёт значение или {"$in": [значения]}.',
  '"$inc" needs a number, on a field that holds one.': '«$inc» нужно число, и у поля должно быть число.',
  'Only a list can be added to or taken from.': 'Добавлять и убирать можно только у списка.',
  'This value has another type.': 'У этого значения другой тип.',
  'A String is text.': 'String — это текст.',
  'A Text is text.': 'Text — это текст.',
  'A Secret is text, or null to keep what is stored.':
    'Secret — это текст или null, чтобы оставить прежнее значение.',
  'This text holds half a character (a lone surrogate).': 'В тексте половина символа (одинокий суррогат).',
  'Compare it with text, a number, true, false or null.':
    'Сравнивайте с текстом, числом, true, false или null.',
  'Compare this field with a number.': 'Сравнивайте это поле с числом.',
  'Compare this field with a path.': 'Сравнивайте это поле с путём.',
  'Compare this field with one of its options.': 'Сравнивайте это поле с одним из его значений.',
  'Compare this field with text.': 'Сравнивайте это поле с текстом.',
  'Compare this field with true or false.': 'Сравнивайте это поле с true или false.',
  'An Integer is a whole number up to ±9007199254740991.': 'Integer — целое число до ±9007199254740991.',
  'A Float is a finite number with a decimal point, such as 0.5.': 'Float — число с точкой, например 0.5.',
  'A Boolean is true or false.': 'Boolean — это true или false.',
  'A new Secret needs its value.': 'Новому Secret нужно значение.',
  // packages/runtime, supervisor: why a process of services ended; the signals that a kernel and V8 end one by.
  'it was killed, or closed its socket': 'он был убит или закрыл свой сокет',
  'the agent is ending': 'агент завершается',
  'it ended while it waited': 'он завершился, пока ждал',
  'its last service is over': 'его последний сервис закончился',
  ...Object.fromEntries(
    ['SIGKILL', 'SIGABRT', 'SIGSEGV', 'SIGTRAP', 'SIGBUS', 'SIGILL', 'SIGTERM'].map((signal) => [
      `it ended by itself (signal ${signal})`,
      `он завершился сам (сигнал ${signal})`,
    ]),
  ),
}
