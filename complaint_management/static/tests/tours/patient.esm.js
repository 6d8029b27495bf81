/**
 * Lets every step of a tour wait longer than the usual ten seconds for what it is
 * about, so that a busy machine alone fails no test.
 */
export function patient(steps) {
    return steps.map((step) => ({timeout: 45000, ...step}));
}
