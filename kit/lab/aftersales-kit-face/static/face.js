/* The face of the kit: a lesson or a playbook as a page, not a notebook.
 *
 * A federated extension of JupyterLab, written by hand and served as it stands, so
 * there is nothing to build. From JupyterLab it uses only documented objects: the
 * notebook tracker, the registry of renderers, the document manager, the shell's
 * current widget, the session of a document and the execution of a cell. It never sets a title of a panel:
 * in JupyterLab that renames the file.
 */
(() => {
  "use strict";

  const NAME = "aftersales-kit-face";
  const ANEW = `${NAME}:anew`; // when a page was last loaded again by itself in this tab
  const ANEW_AFTER = 300000; // milliseconds after which that may happen once more
  const NAMED_BY_THEN = 1000; // milliseconds after which JupyterLab has named a page
  const COMES_BY_THEN = 15000; // milliseconds after which a file has come, or never does
  const STARTS_BY_THEN = 30000; // milliseconds after which JupyterLab shows some page
  const HANDS_REST = 800; // milliseconds without a key after which words are saved
  const server = JSON.parse(
    document.getElementById("jupyter-config-data").textContent
  );
  const kit = JSON.parse(server.kitFace);
  const say = (key, slots = {}) =>
    kit.words[key].replace(/\{(\w+)\}/g, (_, name) => slots[name]);
  const log = (...what) => console.info("[kit]", ...what);

  /* ---- small parts of the page ------------------------------------------- */

  function make(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "onclick") node.addEventListener("click", value);
      else node.setAttribute(name, value);
    }
    node.append(...children);
    return node;
  }

  const addressOf = (path) =>
    `${server.baseUrl}doc/tree/${path.split("/").map(encodeURIComponent).join("/")}`;

  /** The path of a page behind a link, or undefined if it leads elsewhere. */
  function pageBehind(link) {
    const command = link.dataset.commandlinkerArgs;
    if (command) {
      const { path, id } = JSON.parse(command);
      return { path, hash: id || "" };
    }
    return pageAt(new URL(link.href, location.href));
  }

  function pageAt(url) {
    if (url.origin !== location.origin) return undefined;
    if (!url.pathname.startsWith(server.baseUrl)) return undefined;
    const rest = url.pathname.slice(server.baseUrl.length);
    const found = rest.match(/^(?:(?:doc|lab)(?:\/workspaces\/[^/]+)?\/tree|files)\/(.+)$/);
    return found && { path: decodeURIComponent(found[1]), hash: url.hash };
  }

  /** The slim bar on top. It stands outside JupyterLab's own layout. */
  const bar = {
    title: make("span", { id: "kit-title" }),
    back: make("a", { id: "kit-back", href: "#", hidden: "" }),
    playbooks: undefined,

    build() {
      this.playbooks = make("a", { href: addressOf(kit.playbooks) }, say("playbooks"));
      const leave = make("button", { type: "button", onclick: showLeave }, say("leave"));
      const brand = make(
        "a",
        { id: "kit-brand", href: addressOf(kit.start), title: say("start") },
        kit.product
      );
      document.body.prepend(
        make(
          "header",
          { id: "kit-bar" },
          brand,
          this.title,
          make("nav", { "aria-label": say("navigation") }, this.back, this.playbooks, leave)
        )
      );
    },

    show(path, cameFrom) {
      const title = kit.pages[path]?.title ?? "";
      this.title.textContent = path === kit.start ? "" : title;
      this.back.hidden = !cameFrom;
      if (cameFrom) {
        this.back.href = addressOf(cameFrom);
        this.back.textContent = "← " + say("back", { title: kit.pages[cameFrom].title });
      }
      this.playbooks.toggleAttribute("aria-current", path === kit.playbooks);
      pageTitle = title ? `${title} · ${kit.product}` : kit.product;
      document.title = pageTitle;
    },
  };

  let pageTitle = kit.product;

  /** JupyterLab writes file names into the window's title; keep ours there. */
  function keepTitle() {
    const drawn =
      "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>" +
      "<path d='M7 3h18a5 5 0 0 1 5 5v11a5 5 0 0 1-5 5H15l-7 6v-6H7a5 5 0 0 1-5-5V8a5 5 0 " +
      "0 1 5-5z' fill='#0b6b66'/><path d='M10 13.5l4.5 4.5 8-9' fill='none' " +
      "stroke='#fff' stroke-width='3.2' stroke-linecap='round' stroke-linejoin='round'/></svg>";
    for (const link of document.querySelectorAll("link.favicon")) link.remove();
    const href = `data:image/svg+xml,${encodeURIComponent(drawn)}`;
    document.head.append(make("link", { rel: "icon", href }));
    const head = document.querySelector("title");
    new MutationObserver(() => {
      if (document.title !== pageTitle) document.title = pageTitle;
    }).observe(head, { childList: true });
  }

  /** One line at the foot: what is going on, and what the agent can do. */
  const note = {
    node: make("div", { id: "kit-note", role: "status", hidden: "" }),
    kind: "",

    show(kind, text, label, action) {
      this.kind = kind;
      this.node.dataset.kind = kind;
      this.node.replaceChildren(make("span", {}, text));
      if (action) {
        this.node.append(make("button", { type: "button", onclick: action }, label));
      }
      this.node.hidden = false;
    },

    hide(...kinds) {
      if (kinds.length && !kinds.includes(this.kind)) return;
      this.kind = "";
      this.node.hidden = true;
    },
  };

  function showLeave() {
    const dialog = make("dialog", { id: "kit-leave", "aria-labelledby": "kit-leave-title" });
    const stay = () => dialog.close();
    const stop = async () => {
      leaving = true;
      await ask("api/shutdown", "POST").catch((error) => log("already gone", error));
      dialog.replaceChildren(
        make("h2", { id: "kit-leave-title" }, say("gone-title")),
        make("p", {}, say("gone"))
      );
      dialog.addEventListener("cancel", (event) => event.preventDefault());
    };
    dialog.append(
      make("h2", { id: "kit-leave-title" }, say("left-title")),
      make("p", {}, say("left")),
      make(
        "div",
        { class: "kit-choices" },
        make("button", { type: "button", autofocus: "", onclick: stay }, say("stay")),
        make("button", { type: "button", class: "kit-quiet", onclick: stop }, say("stop"))
      )
    );
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  let leaving = false;
  let shown; // the panel of the page on screen

  async function ask(path, method = "GET") {
    const headers = { Authorization: `token ${server.token}` };
    const answered = await fetch(server.baseUrl + path, { method, headers });
    return method === "GET" ? answered.json() : undefined;
  }

  /* ---- keeping JupyterLab's own ways out of the page ---------------------- */

  /** What a press has brought, a result or the next case, comes into sight by itself. */
  function keepInSight() {
    const news = ".kit-desk .kit-result .kit-lead, .kit-exam .kit-desk .kit-case";
    const seen = new WeakSet();
    let pressed = -Infinity;
    for (const kind of ["click", "keydown"]) {
      document.addEventListener(kind, (event) => {
        if (event.target.closest?.(".kit-desk, .kit-exam")) pressed = performance.now();
      }, true);
    }
    new MutationObserver(() => {
      const isAnswer = performance.now() - pressed < 3000;
      for (const each of document.querySelectorAll(news)) {
        if (seen.has(each)) continue;
        seen.add(each);
        if (isAnswer && !each.closest(".kit-old")) {
          each.scrollIntoView({ block: each.matches(".kit-case") ? "start" : "center" });
        }
      }
    }).observe(document.body, { childList: true, subtree: true });
  }

  /**
   * Words are saved when the hands rest and when the page is left, not only when the
   * field is: a widget takes over its text with the event of leaving the field.
   */
  function saveTyping() {
    let area;
    let waiting;
    const save = () => {
      clearTimeout(waiting);
      area?.dispatchEvent(new Event("change", { bubbles: true }));
      area = undefined;
    };
    document.addEventListener("input", (event) => {
      if (!event.target.matches?.(".kit-write textarea")) return;
      if (area !== event.target) save();
      area = event.target;
      clearTimeout(waiting);
      waiting = setTimeout(save, HANDS_REST);
    });
    for (const kind of ["beforeunload", "pagehide"]) window.addEventListener(kind, save);
    document.addEventListener("visibilitychange", () => document.hidden && save());
  }

  /**
   * What a keyboard and a screen reader need and nobody else has given.
   * Cells stand in a feed, and what stands in a feed is an article. The choices of one
   * question are one group: arrow keys stay in it, and Tab leaves it.
   */
  function nameThings() {
    let groups = 0;
    new MutationObserver(() => {
      for (const cell of document.querySelectorAll(".jp-Notebook-cell:not([role])")) {
        cell.setAttribute("role", "article");
      }
      for (const box of document.querySelectorAll(".widget-radio-box")) {
        const unnamed = box.querySelectorAll("input[type=radio]:not([name])");
        if (!unnamed.length) continue;
        const name = box.querySelector("input[name]")?.name || `kit-choice-${++groups}`;
        for (const radio of unnamed) radio.name = name;
      }
    }).observe(document.body, { childList: true, subtree: true });
  }

  function keepToThePage() {
    // No cell menu on a right click; the browser's own menu stays.
    window.addEventListener("contextmenu", (event) => event.stopPropagation(), true);
    // JupyterLab asks in English about kernels and files; an agent gets our line.
    new MutationObserver((changes) => {
      for (const change of changes) {
        for (const node of change.addedNodes) {
          if (node.classList?.contains("jp-Dialog")) answer(node);
        }
      }
    }).observe(document.body, { childList: true });
  }

  function answer(dialog) {
    log("answered a question of JupyterLab:", dialog.textContent);
    const choice =
      dialog.querySelector(".jp-Dialog-footer .jp-mod-reject") ||
      dialog.querySelector(".jp-Dialog-footer button");
    // The dialog listens only once it is attached and shown.
    setTimeout(() => choice?.click());
  }

  /**
   * Load a page again: once by itself, and soon after that only at a press. By its own
   * address, because JupyterLab changes the address when it closes a page.
   */
  function loadAgain(path, why) {
    if (leaving) return;
    log("the page is not there:", path, why);
    const load = () => location.replace(addressOf(path));
    if (Date.now() - sessionStorage.getItem(ANEW) < ANEW_AFTER) {
      note.show("slow", say("slow"), say("again"), load);
      return;
    }
    sessionStorage.setItem(ANEW, Date.now());
    load();
  }

  /* ---- lessons ------------------------------------------------------------ */

  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  const inTime = (work) =>
    Promise.race([
      work,
      pause(15000).then(() => {
        throw new Error("too late");
      }),
    ]);

  async function digestOf(cells) {
    const kinds = cells.map((cell) => [
      cell.cell_type,
      Array.isArray(cell.source) ? cell.source.join("") : cell.source,
    ]);
    const bytes = new TextEncoder().encode(JSON.stringify(kinds));
    const hash = await crypto.subtle.digest("SHA-256", bytes);
    return [...new Uint8Array(hash)]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");
  }

  /** Whether a notebook is what the package ships, cell by cell. */
  async function isShipped(path, model) {
    const expected = kit.pages[path]?.digest;
    // Without a secure connection the browser offers no digest: then never by itself.
    if (!expected || !globalThis.crypto?.subtle) return false;
    return (await digestOf(model.toJSON().cells)) === expected;
  }

  /** One open lesson: runs it, watches its kernel, starts it again. */
  class Lesson {
    constructor(panel, CodeCell) {
      this.panel = panel;
      this.session = panel.sessionContext;
      this.CodeCell = CodeCell;
      this.running = false;
      this.broken = false;
      this.restarting = false;
      this.replaced = false;
    }

    get path() {
      return this.panel.context.path;
    }

    get isShown() {
      return this.panel === shown;
    }

    tell(kind, text, label, action) {
      this.said = [kind, text, label, action];
      if (this.isShown) note.show(...this.said);
    }

    quiet(...kinds) {
      if (kinds.length && !kinds.includes(this.said?.[0])) return;
      this.said = undefined;
      if (this.isShown) note.hide();
    }

    repeat() {
      if (this.said) note.show(...this.said);
      else note.hide();
    }

    async open() {
      this.tell("waiting", say("waiting"));
      this.keepUnchanged();
      await this.panel.context.ready;
      this.watch();
      if (await isShipped(this.path, this.panel.context.model)) return this.run();
      log("not the shipped lesson, so not started:", this.path);
      this.tell("changed", say("changed"), say("begin"), () => this.run());
    }

    /** Nothing of the agent's lives in the notebook, so nothing is ever unsaved. */
    keepUnchanged() {
      const model = this.panel.context.model;
      model.dirty = false;
      model.stateChanged.connect((_, change) => {
        if (change.name === "dirty" && change.newValue) model.dirty = false;
      });
    }

    async run() {
      if (this.running) return;
      this.running = true;
      this.broken = false;
      delete document.body.dataset.kitReady;
      this.tell("waiting", say("waiting"));
      const slow = setTimeout(() => this.offerAgain("slow"), 20000);
      try {
        await this.session.ready;
        if (!this.session.session?.kernel) await this.session.startKernel();
        await this.clear();
        const isWhole = await this.runCells();
        if (this.broken || this.panel.isDisposed) return;
        if (!isWhole) return this.offerAgain("failed");
        this.quiet();
        document.body.dataset.kitReady = this.path;
      } catch (error) {
        log("the lesson could not be run", error);
        this.offerAgain("stopped");
      } finally {
        clearTimeout(slow);
        this.running = false;
      }
    }

    /** Run cell by cell; JupyterLab's own "run all" would scroll to the last one. */
    async runCells() {
      for (const cell of this.panel.content.widgets) {
        if (cell.model.type !== "code") continue;
        const reply = await this.CodeCell.execute(cell, this.session);
        if (reply && reply.content.status !== "ok") return false;
      }
      return true;
    }

    /** Close what a page that is gone has left in the kernel, if no tab needs it. */
    async clear() {
      const kernel = this.session.session.kernel;
      await kernel.info; // once it has answered, this tab is counted too
      const { connections } = await ask(`api/kernels/${kernel.id}`);
      if (connections > 1) return;
      const code = "from ipywidgets import Widget; Widget.close_all()";
      await kernel.requestExecute({ code, silent: true, store_history: false }).done;
    }

    offerAgain(why) {
      if (this.panel.isDisposed || leaving) return;
      this.broken = why !== "slow";
      if (this.broken && this.isShown) delete document.body.dataset.kitReady;
      this.tell(why, say(why), say("again"), () => this.again());
    }

    /** Run once more in a new kernel; if there is none in time, open the page anew. */
    async again() {
      this.tell("waiting", say("waiting"));
      this.restarting = true;
      try {
        await inTime(this.freshKernel());
      } catch (error) {
        log("no new kernel, so the whole page is opened again", error);
        return location.reload();
      } finally {
        this.restarting = false;
      }
      this.running = false;
      return this.run();
    }

    async freshKernel() {
      // A kernel that died is already being replaced by the server.
      if (!this.session.session?.kernel) await this.session.startKernel();
      else if (!this.replaced) await this.session.restartKernel();
      this.replaced = false;
      while (this.session.session?.kernel?.status !== "idle") await pause(100);
    }

    watch() {
      this.session.statusChanged.connect((_, status) => {
        if (status === "autorestarting") this.replaced = true;
        const isGone = ["dead", "autorestarting", "terminating"].includes(status);
        if (isGone && !this.restarting) this.offerAgain("stopped");
      });
      this.session.kernelChanged.connect((_, change) => {
        if (change.oldValue && !change.newValue && !this.restarting) {
          this.offerAgain("stopped");
        }
      });
      let waiting;
      this.session.connectionStatusChanged.connect((_, status) => {
        clearTimeout(waiting);
        if (status === "connected") this.quiet("lost");
        else if (!this.restarting && !this.running) {
          waiting = setTimeout(() => this.lost(), 3000);
        }
      });
    }

    async lost() {
      if (this.broken || this.panel.isDisposed || leaving) return;
      this.tell("lost", say("lost"), say("again"), () => location.reload());
    }
  }

  /** In place of a traceback, one sentence; the details go to the console. */
  function calmErrors(Widget) {
    class Calm extends Widget {
      constructor(options) {
        super();
        this.kind = options.mimeType;
        this.addClass("kit-error");
      }

      async renderModel(model) {
        const data = model.data[this.kind];
        if (this.kind === "application/vnd.jupyter.stderr") {
          console.warn("[kit] the lesson warned:", data);
          this.addClass("kit-warned");
          return;
        }
        const text = data?.traceback?.join("\n") ?? JSON.stringify(data);
        // eslint-disable-next-line no-control-regex
        console.error("[kit] the lesson failed:", text.replace(/\x1b\[[\d;]*m/g, ""));
        this.node.setAttribute("role", "alert");
        this.node.textContent = say("broken");
      }
    }
    return {
      safe: true,
      mimeTypes: ["application/vnd.jupyter.error", "application/vnd.jupyter.stderr"],
      createRenderer: (options) => new Calm(options),
    };
  }

  /* ---- the extension ------------------------------------------------------ */

  let scope;

  async function shared(name) {
    const versions = scope[name];
    const newest = Object.keys(versions).at(-1);
    return (await versions[newest].get())();
  }

  function activate(app, modules, tracker, renderers, documents) {
    const lessons = new WeakMap();
    let lastLesson; // the notebook kept open while a playbook is read
    let naming;

    renderers.addFactory(modules.errors, -1);

    function open(path, hash = "") {
      if (!kit.pages[path]) {
        note.show("absent", say("absent"), say("close"), () => note.hide());
        return;
      }
      const viewer = path.endsWith(".md") ? "Markdown Preview" : "default";
      const known = documents.findWidget(path, viewer);
      const widget = documents.openOrReveal(path, viewer);
      if (widget && !known) keepOpen(widget);
      // A link encodes what is not English in the name of a heading; JupyterLab does not.
      const place = decodeURIComponent(hash);
      if (place && widget) widget.context.ready.then(() => widget.setFragment?.(place));
    }

    /** A page that does not come, or that JupyterLab closes, is loaded again. */
    function keepOpen(widget) {
      const { path } = widget.context;
      const late = setTimeout(() => {
        if (widget === shown) loadAgain(path, "its file does not come");
        else widget.dispose(); // who comes back opens it anew
      }, COMES_BY_THEN);
      widget.context.ready.then(() => {
        clearTimeout(late);
        if (widget === shown) note.hide("slow");
      });
      // So it does if it cannot get the file, or the list of its checkpoints.
      widget.disposed.connect(() => {
        clearTimeout(late);
        if (widget === shown) loadAgain(path, "it was closed");
      });
    }

    function show(widget) {
      const path = widget?.context?.path;
      if (!path || widget === shown) return;
      const isLesson = lessons.has(widget);
      widget.addClass("kit-page");
      dismiss(shown, isLesson);
      shown = widget;
      if (isLesson) {
        lastLesson = widget;
        lessons.get(widget).repeat();
      } else {
        note.hide();
        document.body.dataset.kitReady = path;
      }
      bar.show(path, isLesson ? undefined : lastLesson?.context.path);
      // JupyterLab names the page in the address, but not always when it is in a hurry.
      clearTimeout(naming);
      naming = setTimeout(() => {
        if (pageAt(location)?.path !== path) history.pushState({}, "", addressOf(path));
      }, NAMED_BY_THEN);
    }

    /** Close what is left behind; the last lesson stays while playbooks are read. */
    function dismiss(widget, forLesson) {
      const gone = new Set();
      if (widget && !(lessons.has(widget) && !forLesson)) gone.add(widget);
      if (forLesson && lastLesson) gone.add(lastLesson);
      for (const each of gone) {
        if (each === lastLesson) lastLesson = undefined;
        setTimeout(() => {
          if (each !== shown && each !== lastLesson) each.dispose();
        });
      }
    }

    document.addEventListener(
      "click",
      (event) => {
        const link = event.target.closest?.("a[href]");
        if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
        const page = pageBehind(link);
        if (!page) {
          if (link.origin !== location.origin) link.target = "_blank";
          return;
        }
        event.preventDefault();
        event.stopImmediatePropagation();
        open(page.path, page.hash);
      },
      true
    );

    // JupyterLab names each page in the address but does not follow it back.
    window.addEventListener("popstate", () => {
      clearTimeout(naming);
      const page = pageAt(location);
      if (page && kit.pages[page.path]) open(page.path, page.hash);
      else if (shown) history.replaceState({}, "", addressOf(shown.context.path));
    });

    tracker.widgetAdded.connect((_, panel) => {
      panel.content.rendermime.addFactory(modules.errors, -1);
      const lesson = new Lesson(panel, modules.CodeCell);
      lessons.set(panel, lesson);
      lesson.open().catch((error) => {
        log("the lesson could not be opened", error);
        lesson.offerAgain("stopped");
      });
    });
    app.shell.currentChanged.connect(() => show(app.shell.currentWidget));
    app.started.then(() => open(server.treePath, location.hash));
  }

  async function extension() {
    const [apputils, cells, notebook, rendermime, docmanager, widgets] = await Promise.all(
      [
        "@jupyterlab/apputils",
        "@jupyterlab/cells",
        "@jupyterlab/notebook",
        "@jupyterlab/rendermime",
        "@jupyterlab/docmanager",
        "@lumino/widgets",
      ].map(shared)
    );
    const modules = {
      CodeCell: cells.CodeCell,
      errors: calmErrors(widgets.Widget),
    };
    // JupyterLab keeps one layout per named window, asks other windows for their names
    // and sends a second tab elsewhere. Here each tab has a name of its own instead.
    const window = {
      id: `${NAME}:window`,
      description: "Names the window.",
      autoStart: true,
      provides: apputils.IWindowResolver,
      activate: () => ({ name: `tab-${Math.random().toString(36).slice(2)}` }),
    };
    const page = {
      id: `${NAME}:page`,
      description: "Shows lessons and playbooks as pages.",
      autoStart: true,
      requires: [
        notebook.INotebookTracker,
        rendermime.IRenderMimeRegistry,
        docmanager.IDocumentManager,
      ],
      activate: (app, ...tokens) => activate(app, modules, ...tokens),
    };
    return () => ({ __esModule: true, default: [window, page] });
  }

  if (server.mode !== "single-document" || !kit.pages[server.treePath]) {
    location.replace(addressOf(kit.start)); // nothing here but pages
    return;
  }
  document.documentElement.classList.add("kit-face");
  bar.build();
  document.getElementById("kit-bar").after(note.node);
  keepTitle();
  keepToThePage();
  keepInSight();
  saveTyping();
  nameThings();
  setTimeout(() => shown || loadAgain(server.treePath, "JupyterLab does not start"), STARTS_BY_THEN);
  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB[NAME] = {
    init: (given) => {
      scope = given;
    },
    get: extension,
  };
})();
