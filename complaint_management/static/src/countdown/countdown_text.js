import {_t} from "@web/core/l10n/translation";
import {localization} from "@web/core/l10n/localization";

const {DateTime} = luxon;
const DAY_S = 24 * 3600;

/** Returns for example "2 h 10 min"; days only where a day has 24 hours. */
export function sayDuration(seconds, isBusiness, round = Math.floor) {
    const minutes = round(seconds / 60);
    const hours = Math.floor(minutes / 60);
    const parts = {
        days: Math.floor(hours / 24),
        hours,
        rest: hours % 24,
        minutes: minutes % 60,
    };
    if (!isBusiness && seconds >= 2 * DAY_S) {
        return _t("%(days)s d %(rest)s h", parts);
    }
    if (minutes >= 60 && !(minutes % 60)) {
        return _t("%(hours)s h", parts);
    }
    if (minutes >= 60) {
        return _t("%(hours)s h %(minutes)s min", parts);
    }
    return _t("%(minutes)s min", parts);
}

/** Returns how the user reads times, as their language is set. */
function timeFormat() {
    const hourCycle = localization.timeFormat.includes("H") ? "h23" : "h12";
    return {hour: "2-digit", minute: "2-digit", hourCycle};
}

/** Returns for example "Mon 09:00", with the date when that is far. */
export function sayMoment(seconds, now) {
    const moment = DateTime.fromSeconds(seconds);
    const day =
        seconds - now < 6 * DAY_S
            ? {weekday: "short"}
            : {weekday: "short", day: "numeric", month: "short"};
    return `${moment.toLocaleString(day)} ${moment.toLocaleString(timeFormat())}`;
}

/** Returns what a badge says about a countdown.
 *
 * @param {Object} data see countdown.js
 * @param {Object} view what countdownAt() returns
 * @param {number} now seconds since 1970
 */
export function sayCountdown(data, view, now) {
    switch (view.level) {
        case "paused":
            return data.reason ? _t("Paused: %s", data.reason) : _t("Paused");
        case "met":
            return _t("Kept");
        case "cancelled":
            return _t("Cancelled");
        case "missed":
            return view.seconds < 60
                ? _t("Missed")
                : _t("Missed by %s", sayDuration(view.seconds, data.is_business));
        case "late":
            return sayLate(data, view, now);
        default:
            return sayLeft(data, view, now);
    }
}

function sayLate(data, {seconds, opensAt}, now) {
    if (now <= data.deadline) {
        return _t("Missed; the new deadline is yet to come");
    }
    if (seconds < 60) {
        return _t("Late");
    }
    const time = sayDuration(seconds, data.is_business);
    return data.is_business && !opensAt
        ? _t("Late by %s, business time", time)
        : _t("Late by %s", time);
}

function sayLeft(data, {level, seconds, opensAt}, now) {
    const time = sayDuration(seconds, data.is_business, Math.ceil);
    const isSoon = level === "soon";
    if (opensAt) {
        const moment = sayMoment(opensAt, now);
        return isSoon
            ? _t("Due soon: %(time)s left, opens %(moment)s", {time, moment})
            : _t("%(time)s left, opens %(moment)s", {time, moment});
    }
    if (data.is_business) {
        return isSoon
            ? _t("Due soon: %s left, business time", time)
            : _t("%s left, business time", time);
    }
    return isSoon ? _t("Due soon: %s left", time) : _t("%s left", time);
}

/** Returns the line that stands on a badge when one points at it. */
export function sayDetails(data, text) {
    if (!data.deadline) {
        return text;
    }
    const deadline = DateTime.fromSeconds(data.deadline);
    const day = {weekday: "short", day: "numeric", month: "long", year: "numeric"};
    return _t("%(kind)s until %(moment)s. %(text)s", {
        kind: data.kind,
        moment: deadline.toLocaleString({...day, ...timeFormat()}),
        text,
    });
}
