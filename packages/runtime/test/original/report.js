// Reports by the clock; nothing that is wrong with a time throws.
var ids = {}
$service.boot(function () {
  ids.at = $schedule.at('14:30', function () {})
  ids.daily = $schedule.daily(report)
  ids.weekly = $schedule.weekly(1, report)
  ids.monthly = $schedule.monthly(15, report)
  ids.cron = $schedule.cron('0 9 * * MON-FRI', report, {
    skipIfRunning: true,
    timeout: 1000,
    lockName: 'report',
  })
  ids.every = $schedule.every('90s', report)
  ids.wrongTime = $schedule.at('25:00', report)
  ids.wrongDay = $schedule.weekly(9, report)
  ids.wrongMonth = $schedule.monthly(0, report)
  ids.wrongEvery = $schedule.every('soon', report)
  ids.wrongCron = $schedule.cron('every day', report)
})

function report() {
  var lines = $storage.exists('report.txt') ? $storage.read('report.txt').split('\n').length : 0
  $storage.append('report.txt', 'line ' + lines + '\n')
  $logger.info('report', lines)
}

$router.get('/jobs', function () {
  var expressions = {}
  Object.keys(ids).forEach(function (name) {
    var job = ids[name] === '' ? null : $schedule.get(ids[name])
    expressions[name] = job ? job.expression || job.interval || job.type : ids[name]
  })
  return {
    expressions: expressions,
    count: $schedule.list().length,
    paused: $schedule.pause(ids.every),
    again: $schedule.pause(ids.every),
    status: $schedule.get(ids.every).status,
    resumed: $schedule.resume(ids.every),
    unknown: [
      $schedule.cancel('job_99'),
      $schedule.pause('job_99'),
      $schedule.get('job_99'),
      $schedule.nextRun('job_99'),
    ],
    next: typeof $schedule.nextRun(ids.at),
    last: $schedule.lastRun(ids.at),
    cancelled: $schedule.cancel(ids.at),
  }
})
$router.get('/soon', function () {
  return { id: typeof $schedule.delay(1, report) }
})
