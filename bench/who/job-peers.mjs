// Who does the whole jobs; as peers.mjs has it.

const chunks = (title, verbs, needs) => ({ title, module: 'chunks/channels', settings: { verbs }, needs });

export const millraceJobs = {
  'chunks-refs': chunks('`sendRef` / `refs()` / `forward`', 'refs', 'refs'),
  'chunks-blocking': chunks('`sendRef` / `recvRefSync` / `forwardSync` / `refs()`', 'blocking', 'refs'),
  'chunks-transfer': chunks('`alloc`, `send` with `transfer`', 'transfer', 'alloc'),
  'chunks-transfer-back': chunks('`send` with `transfer`, memory filled again', 'transfer-back', 'alloc'),
  'chunks-plain': chunks('`send` / `for await`', 'plain'),
  'gzip-channels': { title: '`sendRef` / `recvRefSync`', module: 'gzip/channels' },
  'call-rpc': { title: '`call` / `serve`', module: 'call/rpc', settings: { sync: false }, needs: 'rpc' },
  'call-channels': {
    title: 'two channels, answers in order',
    module: 'call/channels',
    settings: { inPlace: false },
  },
  'call-channels-refs': {
    title: 'two channels, answers in order and in place',
    module: 'call/channels',
    settings: { inPlace: true },
    needs: 'refs',
  },
  'call-sync-rpc': {
    title: '`callSync` / `serve`',
    module: 'call/rpc',
    settings: { sync: true },
    needs: 'rpc',
  },
  'log-batch': {
    title: '`batch().sendSync` / `batches()`',
    module: 'log/channels',
    settings: { batched: true },
  },
  'log-channel': { title: '`sendSync` / `batches()`', module: 'log/channels', settings: { batched: false } },
  'frames-triple': { title: '`tripleBuffer`', module: 'frames/triple' },
  'frames-drop-oldest': { title: "`overflow: 'drop-oldest'`, in place", module: 'frames/channels' },
  broadcast: {
    title: '`broadcast`, `send` / `for await`',
    module: 'broadcast/channels',
    settings: { into: false },
    needs: 'broadcast',
  },
  'broadcast-into': {
    title: '`broadcast`, `sendSync` / `recvIntoSync`',
    module: 'broadcast/channels',
    settings: { into: true },
    needs: 'broadcast',
  },
  watch: { title: '`watch`, `set` / `for await`', module: 'watch/channels', needs: 'watch' },
  'hundred-channels': { title: '`send` / `for await`', module: 'hundred/channels' },
};

export const postJobs = {
  'chunks-post-back': { title: 'buffers sent back', module: 'chunks/post', settings: { fresh: false } },
  'chunks-post': { title: 'a new buffer each', module: 'chunks/post', settings: { fresh: true } },
  'gzip-post': { title: 'workers in turn, buffers sent back', module: 'gzip/post' },
  'call-post': { title: 'an id each', module: 'call/post' },
  'call-port': { title: 'a `MessageChannel` each', module: 'call/port' },
  'call-sync-atomics': { title: '`Atomics.wait`, `receiveMessageOnPort`', module: 'call/atomics' },
  'log-post': { title: 'a line each, nobody counting', module: 'log/post' },
  'frames-post-back': { title: 'buffers sent back', module: 'frames/post', settings: { fresh: false } },
  'frames-post': { title: 'a new buffer each', module: 'frames/post', settings: { fresh: true } },
  'broadcast-ports': { title: 'to each', module: 'broadcast/ports' },
  'broadcast-channel': { title: '`BroadcastChannel`', module: 'broadcast/broadcast-channel' },
  'watch-ports': { title: 'to each', module: 'watch/ports' },
  'watch-shared': { title: '`SharedArrayBuffer`, a counter', module: 'watch/shared' },
  'hundred-ports': { title: 'a port each', module: 'hundred/ports' },
};

export const packageJobs = {
  'chunks-piscina': { title: 'piscina, a task each', module: 'chunks/pool' },
  'gzip-piscina': { title: 'piscina, a task each', module: 'gzip/pool' },
  'call-piscina': { title: 'piscina, a task each', module: 'call/pool' },
  'call-comlink': { title: 'comlink', module: 'call/comlink' },
  'call-sync-synckit': { title: 'synckit', module: 'call/synckit' },
  'log-thread-stream': { title: 'thread-stream, a thread each', module: 'log/thread-stream' },
};
