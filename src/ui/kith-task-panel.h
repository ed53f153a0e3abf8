/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define KITH_TYPE_TASK_PANEL (kith_task_panel_get_type ())
G_DECLARE_FINAL_TYPE (KithTaskPanel, kith_task_panel, KITH, TASK_PANEL, AdwBin)

/* The lower end of a dialog that does something which takes time: what went wrong, how far it is,
 * a button that starts it and one that cancels it. Going away cancels it, too.
 *
 * Property: "label" (of the button that starts). Signal: "start" (). */

void          kith_task_panel_set_ready       (KithTaskPanel *self,
                                               gboolean       ready);
void          kith_task_panel_set_destructive (KithTaskPanel *self,
                                               gboolean       destructive);
void          kith_task_panel_start           (KithTaskPanel *self);
gboolean      kith_task_panel_is_running      (KithTaskPanel *self);
gboolean      kith_task_panel_is_any_running  (void);
guint         kith_task_panel_count_steps     (void);
GCancellable *kith_task_panel_begin           (KithTaskPanel *self,
                                               gboolean       can_cancel);
void          kith_task_panel_cancel          (KithTaskPanel *self);
void          kith_task_panel_set_progress    (KithTaskPanel *self,
                                               double         fraction);
void          kith_task_panel_end             (KithTaskPanel *self,
                                               const GError  *error);
void          kith_task_panel_complain        (KithTaskPanel *self,
                                               const char    *words);

G_END_DECLS
