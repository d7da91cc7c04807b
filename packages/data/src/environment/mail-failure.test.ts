import { expect, it } from 'vitest'
import { mailFailure } from './mail-failure.ts'

it.each([
  [
    'connect ECONNREFUSED 127.0.0.1:25',
    'nothing listens at its port 25 (connect ECONNREFUSED 127.0.0.1:25); check host and port',
  ],
  [
    '80BD:error:0A00010B:SSL routines:x:wrong version number:../a.c:78: ',
    'port 25 does not begin with TLS; set the encryption to STARTTLS',
  ],
  [
    'Invalid greeting. response=HTTP/1.1 400',
    'what answers at port 25 is no mail server (Invalid greeting. response=HTTP/1.1 400)',
  ],
  [
    'Greeting never received',
    'it said nothing at port 25; where the server begins with TLS, set the encryption to TLS',
  ],
  ['Connection timeout', 'it does not answer at port 25; check host, port and firewalls'],
  [
    'self-signed certificate',
    'its certificate is not accepted (self-signed certificate); use the name and a server whose certificate is valid',
  ],
  [
    'Mail command failed: 530 Authentication required',
    'it wants a user and a password (Mail command failed: 530 Authentication required)',
  ],
  ['Invalid login: 535 no.', 'Invalid login: 535 no'],
])('a mail server that fails with “%s” is explained', (said, told) => {
  expect(mailFailure(new Error(said), { port: 25, security: 'auto' })).toBe(told)
})

it('does not propose TLS where it is used', () => {
  expect(mailFailure(new Error('Greeting never received'), { port: 465, security: 'auto' })).toBe(
    'it said nothing at port 465; check host and port',
  )
})
