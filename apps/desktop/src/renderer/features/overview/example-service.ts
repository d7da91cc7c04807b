/** Works as it stands in a new project: no models, no variables needed. */
export const EXAMPLE_SERVICE = `// Runs once at start: routes, jobs and handlers are registered here.
service.boot(() => {
  router.get('/hello/:name', (ctx) => {
    logger.info('greeting', ctx.params.name)
    return { hello: ctx.params.name, at: new Date() }
  })

  router.post('/echo', (ctx) => ctx.body)

  schedule.daily(() => logger.info('good morning'))
})

// Runs when the service takes its traffic.
service.start(() => logger.info('ready'))

// Runs once when it is stopped.
service.shutdown(() => logger.info('bye'))
`
