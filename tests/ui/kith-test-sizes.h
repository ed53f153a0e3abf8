/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kith-test-town.h"

G_BEGIN_DECLS

/* The window and its dialogs on a narrow, a middling and a wide screen: nothing sticks out, no words of ours are cut,
 * every button can be reached, and GTK warns of nothing. In the language (LANGUAGE, KITH_LOCALEDIR), the scale
 * (GDK_SCALE) and with the size of text (KITH_SIZES_TEXT, percent) of the environment; KITH_SIZES_WIDTH is the only
 * width to look at, KITH_SIZES_PICTURES a folder for what it looked like. */

#define SIZES_HEIGHT 640
#define SIZES_WIDEST 1200

extern KithApplication *sizes_application; /* (owned) from sizes_start() to sizes_run() */

/* To be called first. Returns: whether all that a window needs is there */
gboolean sizes_start (int *argc, char ***argv);
/* Runs the tests, and lets go of what the windows needed. Returns: the exit status */
int sizes_run (void);
/* @town: (nullable): whose words may be cut; @where: the name of the picture */
void sizes_look_at_window (GtkWindow *window, Town *town, const char *where);
/* The same, and presents it. */
void sizes_look_at_dialog (GtkWindow *dialog, Town *town, const char *where);
/* Returns: (transfer none): a window that is shown */
KithWindow *sizes_open_window (Town *town);
void sizes_close_window (KithWindow *window);

G_END_DECLS
