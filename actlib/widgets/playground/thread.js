// Who answers requests: a worker or, where none starts, the page's own thread.

// `source`: what the worker is made of; `answerer`: what it does, for the page's own thread; `take`:
// is handed each answer. Requests are answered in order.
export function thread(source, answerer, take) {
  let unanswered = [];
  let [worker, answer, heard, waiting] = [null, null, false, 0];
  // A page from disk may start a worker from a text only, a page with a strict policy only from a file.
  const ways = [
    () => (/^https?:/.test(source.address) ? source.address : null),
    () => URL.createObjectURL(new Blob([source.text], { type: "text/javascript" })),
  ];

  function next() {
    worker?.terminate();
    worker = null;
    const way = ways.shift();
    if (!way) {
      answer = answerer();
      work();
      return;
    }
    const address = way();
    if (!address) return next();
    try {
      worker = new Worker(address);
    } catch {
      return next();
    }
    worker.onmessage = ({ data }) => {
      heard = true;
      unanswered.shift();
      take(data);
    };
    worker.onerror = (event) => {
      if (heard) return;
      event.preventDefault();
      next();
    };
    for (const request of unanswered) worker.postMessage(request);
  }

  // Here, a request a turn, so that the page can answer its reader in between.
  function work() {
    waiting ||= unanswered.length && setTimeout(() => {
      waiting = 0;
      take(answer(unanswered.shift()));
      work();
    });
  }

  next();
  return {
    isWorker: () => Boolean(worker),
    ask(request) {
      unanswered.push(request);
      if (worker) worker.postMessage(request);
      else work();
    },
    stop() {
      worker?.terminate();
      clearTimeout(waiting);
      unanswered = [];
    },
  };
}
