/* A display on a wall: its panels turn, the picture is fetched anew, the last one stays when the
   server is away. It runs for weeks: nothing is kept from one picture to the next. */
(function () {
  "use strict";

  const body = document.body;
  const box = document.getElementById("picture");
  const stale = document.getElementById("stale");
  const pause = document.getElementById("pause");
  const asOf = document.getElementById("as-of");
  // Late by so many cycles, the picture is called old.
  const STALE_CYCLES = 3;
  const SLOWEST_MS = 20000;
  const WEEKDAYS = "日一二三四五六";

  const every = () => parseFloat(body.dataset.every) * 1000;
  const turnEvery = () => parseFloat(body.dataset.turnEvery) * 1000;
  const two = (number) => String(number).padStart(2, "0");

  /* -- the time of the server, in its own time zone, whatever the display's clock says -- */
  let ahead = 0; // server minus display, in ms
  let zone = 0; // minutes east of Greenwich
  let freshAt = performance.now();
  let etag = body.dataset.etag;

  function heard(iso) {
    const east = /([+-])(\d\d):(\d\d)$/.exec(iso);
    zone = east ? (east[1] + 1) * (east[2] * 60 + +east[3]) : 0;
    ahead = Date.parse(iso) - Date.now();
    freshAt = performance.now();
    asOf.textContent = iso.slice(11, 16);
  }

  function tick() {
    const now = new Date(Date.now() + ahead + zone * 60000);
    document.getElementById("clock").textContent =
      `${two(now.getUTCHours())}:${two(now.getUTCMinutes())}:${two(now.getUTCSeconds())}`;
    document.getElementById("day").textContent =
      `${now.getUTCFullYear()}年${now.getUTCMonth() + 1}月${now.getUTCDate()}日 ` +
      `星期${WEEKDAYS[now.getUTCDay()]}`;
    sayHowOld();
  }

  function sayHowOld() {
    const age = performance.now() - freshAt;
    const isOld = age > STALE_CYCLES * every();
    if (isOld) {
      const minutes = Math.floor(age / 60000);
      const words = minutes ? `${minutes}分钟` : `${Math.floor(age / 1000)}秒`;
      const said = `数据已${words}未更新，显示的是${asOf.textContent}的数据`;
      // Said once aloud; the growing number is only shown.
      if (stale.hidden) stale.setAttribute("role", "alert");
      else stale.removeAttribute("role");
      if (stale.textContent !== said) stale.textContent = said;
    }
    if (stale.hidden === isOld) stale.hidden = !isOld;
  }

  /* -- panels in turn -- */
  let turn = 0;
  let isPaused = matchMedia("(prefers-reduced-motion: reduce)").matches;

  function show() {
    box.querySelectorAll("[data-leaves]").forEach((panel) => {
      const leaves = panel.querySelectorAll("[data-leaf]");
      const shown = ((turn % leaves.length) + leaves.length) % leaves.length;
      leaves.forEach((leaf, number) => {
        leaf.hidden = number !== shown;
      });
      const label = box.querySelector(`[data-leaf-of=${panel.dataset.leaves}]`);
      if (label) label.textContent = `第${shown + 1}/${leaves.length}页`;
    });
    pause.setAttribute("aria-pressed", isPaused);
    pause.lastElementChild.textContent = isPaused ? "继续" : "暂停";
  }

  let turning = 0;
  function turnLater() {
    clearTimeout(turning);
    if (!isPaused) turning = setTimeout(() => go(1), turnEvery());
  }

  function go(step) {
    turn += step;
    show();
    turnLater();
  }

  function togglePause() {
    isPaused = !isPaused;
    show();
    turnLater();
  }

  pause.addEventListener("click", togglePause);
  document.getElementById("back").addEventListener("click", () => go(-1));
  document.getElementById("forth").addEventListener("click", () => go(1));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") togglePause();
    else if (event.key === "ArrowRight") go(1);
    else if (event.key === "ArrowLeft") go(-1);
    else return;
    event.preventDefault();
  });

  /* -- a new picture -- */
  async function refresh() {
    const cut = new AbortController();
    const timer = setTimeout(() => cut.abort(), SLOWEST_MS);
    try {
      const reply = await fetch(body.dataset.picture, {
        headers: { "If-None-Match": etag, "X-Polling": "1" },
        cache: "no-store",
        credentials: "omit",
        redirect: "error",
        signal: cut.signal,
      });
      if (reply.status === 404) {
        gone();
      } else if (reply.status === 304 || reply.status === 200) {
        if (reply.status === 200) draw(await reply.text());
        etag = reply.headers.get("ETag") || "";
        heard(reply.headers.get("X-As-Of"));
        sayHowOld();
      }
    } catch (error) {
      // The server is away or slow: the last picture stays, and says how old it is.
    } finally {
      clearTimeout(timer);
      setTimeout(refresh, every());
    }
  }

  function draw(html) {
    const made = document.createElement("template");
    made.innerHTML = html;
    const shell = made.content.querySelector("[data-shell]");
    if (!shell) throw new Error("not a picture"); // some proxy's page
    if (shell.dataset.shell !== body.dataset.shell) {
      location.reload();
      return;
    }
    box.replaceChildren(made.content);
    show();
  }

  /* Taken back: what is no longer ours to show must not stay on the wall. */
  function gone() {
    const words = document.createElement("p");
    words.className = "bs-gone";
    words.textContent = "这块大屏的地址已作废，请联系整改办。";
    box.replaceChildren(words);
    etag = "";
  }

  document.getElementById("keys").hidden = false;
  heard(body.dataset.asOf);
  show();
  turnLater();
  tick();
  setInterval(tick, 1000);
  setTimeout(refresh, every());
})();
