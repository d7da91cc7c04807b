import type { SourceFile } from '../runs/supervisor.port.ts'

/** What the editor shows in a new project; it runs as it is. */
export const TEMPLATE: readonly SourceFile[] = [
  {
    path: 'main.js',
    code: `service.boot(() => {
  router.get('/', () => 'It works. Try hello/you')

  router.get('/hello/:name', (ctx) => {
    return { hello: ctx.params.name }
  })
})

service.start(() => {
  logger.info('ready', service.info.source)
})

service.shutdown(() => {
  logger.info('bye')
})
`,
  },
]
