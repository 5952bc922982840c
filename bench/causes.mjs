// Why targets are missed: claim -> sentence, kept by hand, each one measured. A claim is named by its row and its target,
// as the table of targets says them; a cause is shown only while its claim is missed.

export const causes = {};
