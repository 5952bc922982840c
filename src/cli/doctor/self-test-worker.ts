/** The worker of the doctor's self-test: gives a message back, then blocks for another one until it is ended. */
import { workerData } from 'node:worker_threads';

import { type Transferred, attach } from '../../index';
import type { Ends } from './self-test';

const { questions, answers } = attach(workerData as Transferred<Ends>);
answers.sendSync(questions.recvSync());
questions.recvSync();
