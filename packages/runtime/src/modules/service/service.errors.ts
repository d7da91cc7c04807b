import { defineErrors } from '@m3m/base'

export const serviceErrors = defineErrors({
  SERVICE_PHASE_PASSED: {
    blame: 'user',
    status: 409,
    text: (p: { phase: string }) =>
      `"service.${p.phase}" came too late: that phase is over; register at the top of the main file.`,
  },
})
