import { describeRoom } from '../../module/room.suite.ts'

describeRoom('console')
