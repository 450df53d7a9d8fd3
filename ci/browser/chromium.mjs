// Starts Chromium and speaks the DevTools protocol over a pipe, so that no WebSocket library is needed.
// Not for deciding anything about a page: checks.mjs does that.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--hide-scrollbars",
  "--remote-debugging-pipe",
];

const ANSWER_WITHIN_MS = 60_000;

/** Starts a browser with an empty profile; `close` ends it and removes the profile. */
export async function start(executable) {
  const profile = mkdtempSync(join(tmpdir(), "plumbline-chromium-"));
  const child = spawn(executable, [...FLAGS, `--user-data-dir=${profile}`, "about:blank"], {
    stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
  });
  const [, , errors, toBrowser, fromBrowser] = child.stdio;
  let said = "";
  errors.on("data", (chunk) => (said = (said + chunk).slice(-4000)));
  toBrowser.on("error", () => {});

  let lastId = 0;
  const waiting = new Map();
  const listeners = new Set();
  const fail = (reason) => {
    for (const { reject } of waiting.values()) reject(new Error(`${reason}\n${said}`));
    waiting.clear();
  };
  const receive = (message) => {
    const call = waiting.get(message.id);
    if (!call) {
      for (const listener of [...listeners]) listener(message);
      return;
    }
    waiting.delete(message.id);
    if (message.error) call.reject(new Error(`${call.method}: ${message.error.message}`));
    else call.resolve(message.result);
  };
  let rest = Buffer.alloc(0);
  fromBrowser.on("data", (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      receive(JSON.parse(rest.subarray(0, end).toString("utf8")));
      rest = rest.subarray(end + 1);
    }
  });
  child.on("error", (error) => fail(`cannot start ${executable}: ${error.message}`));
  const ended = new Promise((resolve) => {
    child.on("exit", (code) => {
      fail(`the browser ended with code ${code}`);
      resolve();
    });
  });

  const send = (method, params = {}, sessionId = undefined) =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      const timer = setTimeout(() => {
        waiting.delete(id);
        reject(new Error(`${method}: no answer within ${ANSWER_WITHIN_MS / 1000} s`));
      }, ANSWER_WITHIN_MS);
      const settle = (then) => (value) => {
        clearTimeout(timer);
        then(value);
      };
      waiting.set(id, { method, resolve: settle(resolve), reject: settle(reject) });
      toBrowser.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });

  const close = async () => {
    await send("Browser.close").catch(() => {});
    const killer = setTimeout(() => child.kill("SIGKILL"), 5_000);
    await ended;
    clearTimeout(killer);
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };

  return { newPage: () => newPage(send, listeners), close };
}

/** Opens a tab. `requests` holds every address that the tab asked for since `open`. */
async function newPage(send, listeners) {
  const { targetId } = await send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  const call = (method, params) => send(method, params, sessionId);
  const requests = [];
  const onRequest = (message) => {
    if (message.sessionId === sessionId && message.method === "Network.requestWillBeSent") {
      requests.push(message.params.request.url);
    }
  };
  listeners.add(onRequest);
  await call("Page.enable");
  await call("Network.enable");

  const open = async (url) => {
    requests.length = 0;
    const loaded = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${url}: not loaded in time`)), ANSWER_WITHIN_MS);
      const listener = (message) => {
        if (message.sessionId !== sessionId || message.method !== "Page.loadEventFired") return;
        clearTimeout(timer);
        listeners.delete(listener);
        resolve();
      };
      listeners.add(listener);
    });
    const { errorText } = await call("Page.navigate", { url });
    if (errorText) throw new Error(`${url}: ${errorText}`);
    await loaded;
  };
  const evaluate = async (expression) => {
    const answer = await call("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (answer.exceptionDetails) {
      const { exception, text } = answer.exceptionDetails;
      throw new Error(exception?.description ?? text);
    }
    return answer.result.value;
  };
  const width = (pixels, height = 900) =>
    call("Emulation.setDeviceMetricsOverride", { width: pixels, height, deviceScaleFactor: 1, mobile: false });
  const close = async () => {
    listeners.delete(onRequest);
    await send("Target.closeTarget", { targetId });
  };
  return { call, open, evaluate, width, requests, close };
}
