// Looking at the whole process: what inspect() answers, and what events say.
import { inspect } from 'millrace';
import type {
  ChannelCloseEvent,
  ChannelDropEvent,
  ChannelEvent,
  InspectedChannel,
  InspectedEnd,
  Stats,
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
same<InspectedChannel['ends'], InspectedEnd[]>(true);
same<ChannelEvent['flavor'], Stats['flavor']>(true);
same<ChannelCloseEvent['by'], 'senders' | 'receivers'>(true);
same<ChannelDropEvent['count'], number>(true);
// @ts-expect-error it takes nothing
inspect({ label: 'jobs' });
// @ts-expect-error a channel that opens has lost nothing yet
void ({} as ChannelEvent).count;
