// The search page. From a server it asks Pagefind's index, which knows headings; from disk, where
// a page may fetch nothing, or without that index, it is Sphinx's search.
(() => {
  const here = document.currentScript.src;
  const root = new URL("..", here);
  const form = document.querySelector("#main-content form.bd-search");
  const [field, place] = [form.elements.q, document.querySelector("#search-results")];
  // Words in a heading count most, but less in that of an exercise or a solution; `also` has words
  // by which readers look for a place (_ext/pages_search.py). Long sections are welcome.
  const RANKING = { pageLength: 0.4, metaWeights: { title: 8, minor: 2, also: 10, page: 0.5 } };
  const SHOWN = 10;

  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    Object.assign(made, attributes);
    made.append(...children);
    return made;
  };

  // Nothing is fetched before the first search.
  let engine;
  async function start() {
    const pagefind = await import(new URL("pagefind/pagefind.js", root));
    await pagefind.options({ ranking: RANKING, excerptLength: 24 });
    await pagefind.init();
    return pagefind;
  }

  function fromServer() {
    const status = element("p", { className: "search-summary", role: "status" });
    const list = element("ol", { className: "search-found" });
    const more = element("button", { type: "button", hidden: true }, "More results");
    place.replaceChildren(status, list, more);
    let [found, latest, waiting] = [[], 0, 0];

    const title = (meta) => meta.title ?? meta.minor;
    const bare = (text) => text.toLowerCase().replaceAll("-", " ").replace(/s$/, "");
    const words = (query) => query.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    // Pagefind marks neither a heading nor a part of a name, as in nn.BCEWithLogitsLoss.
    const marked = (text, query) =>
      text.split(new RegExp(`\\b(${words(query).join("|")})`, "i"))
        .map((part, i) => (i % 2 ? element("mark", {}, part) : part));
    const item = ({ url, raw_url: address = url, meta, excerpt }, query) => {
      const link = element("a", { href: new URL(address.replace(/^\//, ""), root) }, title(meta));
      const line = element("p");
      line.innerHTML = excerpt; // Pagefind escapes the text; only its <mark> is an element.
      if (!line.querySelector("mark") && words(query).length) {
        for (const each of [link, line]) each.replaceChildren(...marked(each.textContent, query));
      }
      return element("li", {}, link, meta.page ? element("span", {}, meta.page) : "", line);
    };

    async function show(query) {
      const mine = latest;
      const some = found.slice(list.children.length, list.children.length + SHOWN);
      const all = await Promise.all(some.map((each) => each.data()));
      if (mine !== latest) return;
      // For a word that it lacks Pagefind looks for a shorter one, and in the end for a letter.
      const starts = words(query).map((word) => word.slice(0, 3));
      const fits = ({ meta, content }) => {
        const text = `${Object.values(meta).join(" ")} ${content}`.toLowerCase();
        return starts.every((start) => text.includes(start));
      };
      if (!all.some(fits)) {
        found = found.slice(0, list.children.length);
        all.length = 0;
      }
      // An entry of that very name comes first: Cross-entropy for “cross entropy”.
      const named = ({ meta }) => bare(title(meta)) === bare(query);
      all.sort((one, other) => named(other) - named(one));
      list.append(...all.map((each) => item(each, query)));
      more.hidden = list.children.length >= found.length;
    }

    async function search() {
      const mine = ++latest;
      const query = field.value.trim();
      history.replaceState(null, "", query ? `?q=${encodeURIComponent(query)}` : location.pathname);
      const results = query ? (await (await (engine ??= start())).search(query)).results : [];
      if (mine !== latest) return;
      found = results;
      list.replaceChildren();
      await show(query);
      if (mine !== latest) return;
      const count = found.length === 1 ? "1 place" : `${found.length} places`;
      status.textContent = !query ? "" : found.length ? `${count} for “${query}”.`
        : `Nothing was found for “${query}”. Try another word, or fewer.`;
    }

    const safely = () => search().catch(fromDisk);
    const typed = () => {
      clearTimeout(waiting);
      waiting = setTimeout(safely, 150);
    };
    const sent = (event) => {
      event.preventDefault();
      safely();
    };
    field.addEventListener("input", typed);
    form.addEventListener("submit", sent);
    more.addEventListener("click", async () => {
      const before = list.children.length;
      await show(field.value.trim());
      list.children[before]?.querySelector("a").focus();
    });
    field.value = new URLSearchParams(location.search).get("q") ?? "";
    if (field.value) safely();

    // Without the index, the other search takes over, with what is in the address.
    function fromDisk() {
      field.removeEventListener("input", typed);
      form.removeEventListener("submit", sent);
      simpler();
    }
  }

  // Sphinx's scripts, in order.
  function simpler() {
    place.replaceChildren();
    for (const file of ["_static/searchtools.js", "_static/language_data.js", "searchindex.js"]) {
      document.head.append(element("script", { src: new URL(file, root), async: false }));
    }
    // A page among the results opens at the word, where the browser can find and mark it.
    place.addEventListener("click", ({ target }) => {
      const link = target.closest("li a");
      if (link && !link.hash) link.hash = `:~:text=${encodeURIComponent(field.value.trim())}`;
    });
  }

  if (location.protocol === "file:") simpler();
  else fromServer();
})();
