import {reactive, useState, onMounted, onWillUnmount} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";

const TICK_MS = 30 * 1000;
// Of the time promised: from here on a promise is due soon.
const SOON_SHARE = 0.2;

// How far the clock of the server is ahead of that of the browser, in seconds. What the
// server said gets older on its way and in caches, never younger: the largest is right.
let skew = -Infinity;

/** One timer for all badges of a page. */
const pulse = reactive({count: 0});
let listeners = 0;
let timer = null;

function beat() {
    pulse.count++;
}

function start() {
    timer = browser.setInterval(beat, TICK_MS);
    // A page that was asleep shows the present as soon as somebody looks at it.
    document.addEventListener("visibilitychange", beat);
}

function stop() {
    browser.clearInterval(timer);
    document.removeEventListener("visibilitychange", beat);
}

/** Renders the component again with each beat. */
export function usePulse() {
    onMounted(() => {
        if (!listeners++) {
            start();
        }
    });
    onWillUnmount(() => {
        if (!--listeners) {
            stop();
        }
    });
    return useState(pulse);
}

/** Returns the present of the server, in seconds since 1970. */
export function serverNow(data) {
    const here = Date.now() / 1000;
    skew = Math.max(skew, data.now - here);
    return here + skew;
}

/** Returns the seconds between two moments in which a clock counts.
 *
 * @param {[number, number][] | null} spans open times; null: it never stands
 */
export function openTime(spans, from, to) {
    if (!spans) {
        return Math.max(to - from, 0);
    }
    return spans.reduce(
        (sum, [opens, closes]) =>
            sum + Math.max(Math.min(closes, to) - Math.max(opens, from), 0),
        0
    );
}

/** Returns what a countdown is at a moment.
 *
 * @param {Object} data what the server sends, see complaint_sla_countdown_mixin.py
 * @param {number} now seconds since 1970
 * @returns {{level: string, seconds: number, opensAt: number | null}} ``seconds`` are
 * left or late; ``opensAt`` is when the clock counts again, if it stands at ``now``
 */
export function countdownAt(data, now) {
    if (data.is_ended || data.state === "paused") {
        return {level: data.state, seconds: Math.abs(data.left || 0), opensAt: null};
    }
    const left = data.left - openTime(data.spans, data.now, now);
    const isLate = now > data.deadline;
    const next = (data.spans || []).find(([, closes]) => closes > now);
    const opensAt = next && next[0] > now ? next[0] : null;
    let level = left <= data.promised * SOON_SHARE ? "soon" : "running";
    if (isLate || data.state === "missed") {
        level = "late";
    }
    return {level, seconds: isLate ? Math.max(-left, 0) : Math.max(left, 0), opensAt};
}
