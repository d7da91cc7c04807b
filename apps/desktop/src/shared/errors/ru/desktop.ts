/** What the desktop app itself refuses or cannot do (main/desktop.errors.ts). */
export const desktopErrors = {
  DESKTOP_AGENT_KNOWN: '{{url}} уже есть в списке: «{{name}}».',
  DESKTOP_AGENT_NOT_FOUND: 'Агента {{id}} нет в списке; возможно, его убрали в другом окне.',
  DESKTOP_AGENT_UNREACHABLE:
    'По адресу {{url}} никто не отвечает ({{reason}}). Проверьте адрес, работает ли агент и не мешает ли межсетевой экран.',
  DESKTOP_CALL_INVALID: 'Страница вызвала «{{method}}» с неверным аргументом: {{problem}}. Сообщите об этом.',
  DESKTOP_CERTIFICATE_CHANGED:
    'Сертификат {{url}} — не тот, которому вы доверились (SHA-256 {{pinned}}; теперь {{shown}}). Ничего не отправлено. Если сертификат сменили намеренно, сверьте SHA-256 с тем, что агент напечатал при запуске, и доверьтесь ему в списке агентов.',
  DESKTOP_CERTIFICATE_UNKNOWN:
    'За сертификат {{url}} никто не ручается. Сверьте SHA-256 {{fingerprint}} с тем, что агент напечатал при запуске, и подтвердите.',
  DESKTOP_DRAG_REFUSED: '«{{name}}» не получить: {{reason}}.',
  DESKTOP_DRAG_TOO_LARGE: '«{{name}}» больше {{limitMb}} МБ: перетащить нельзя, но можно скачать.',
  DESKTOP_HOME_ONLY: '«{{method}}» доступно только списку агентов, а не странице агента. Сообщите об этом.',
  DESKTOP_LOCAL_ABSENT:
    'С этим приложением для {{platform}} агента нет. Агенты работают на Linux и macOS: добавьте такого по адресу.',
  DESKTOP_LOCAL_FAILED: 'Агент этого компьютера не запустился: {{reason}}.',
  DESKTOP_NOT_AN_AGENT: '{{url}} отвечает, но это не агент m3m ({{got}}). Нужен адрес панели, без пути.',
  DESKTOP_PAGE_WITHOUT_AGENT: '«{{method}}» вызвано на странице, у которой нет агента. Сообщите об этом.',
  DESKTOP_PLAIN_HTTP:
    '{{url}} — это http без шифрования до другого компьютера: пароли и токены были бы видны. Включите TLS («server.tls: auto» в config.yaml агента) или подтвердите, что согласны.',
  DESKTOP_SENDER_REFUSED: 'Страница {{origin}} обратилась к приложению и получила отказ.',
} as const satisfies Readonly<Record<string, string>>
