// Looking at the whole process: what inspect() answers, and what events say.
import { bounded, broadcast, inspect } from 'millrace';
import type {
  ChannelCloseEvent,
  ChannelDropEvent,
  ChannelEvent,
  InspectedChannel,
  InspectedEnd,
  Stats,
  WaitTimes,
} from 'millrace';

import { same } from './expect.js';

const listed: InspectedChannel[] = inspect();
for (const { ends, ...figures } of listed) {
  const stats: Stats = figures;
  void stats;
  for (const { side, thread, madeAt } of ends) {
    same<typeof side, 'sender' | 'receiver'>(true);
    same<typeof thread, number | 'ticket'>(true);
    same<typeof madeAt, string | undefined>(true);
  }
}
same<Stats['oldest'], number | undefined>(true);
same<Stats['waited'], WaitTimes | undefined>(true);
bounded(1, { timing: true, codec: 'text' });
// @ts-expect-error a boolean
bounded(1, { timing: 1 });
// @ts-expect-error a broadcast keeps no waits
broadcast(1, { timing: true });
same<InspectedChannel['ends'], InspectedEnd[]>(true);
same<ChannelEvent['flavor'], Stats['flavor']>(true);
same<ChannelCloseEvent['by'], 'senders' | 'receivers'>(true);
same<ChannelDropEvent['count'], number>(true);
// @ts-expect-error it takes nothing
inspect({ label: 'jobs' });
// @ts-expect-error a channel that opens has lost nothing yet
void ({} as ChannelEvent).count;
