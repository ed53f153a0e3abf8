/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What files are chosen with: one chooser at a time for a widget, before the window that it is in. It goes when the widget
 * does, and nobody is told then; nor is anybody when the user chooses nothing. */

typedef enum
{
  KITH_CHOOSER_FILE,
  KITH_CHOOSER_PICTURE, /* a file with one that can be shown */
  KITH_CHOOSER_FOLDER,
} KithChooserKind;

/* @owner: the widget. @file: (transfer none) */
typedef void (*KithChooserFunc) (gpointer owner,
                                 GFile   *file,
                                 gpointer user_data);
/* @files: (transfer none) (element-type GFile): one at least */
typedef void (*KithChooserListFunc) (gpointer    owner,
                                     GListModel *files);

void kith_chooser_open      (GtkWidget          *owner,
                             KithChooserKind     kind,
                             const char         *title,
                             const char         *accept,
                             KithChooserFunc     callback,
                             gpointer            user_data,
                             GDestroyNotify      destroy);
void kith_chooser_open_list (GtkWidget          *owner,
                             KithChooserKind     kind,
                             const char         *title,
                             const char         *accept,
                             KithChooserListFunc callback);
void kith_chooser_save      (GtkWidget          *owner,
                             const char         *title,
                             const char         *name,
                             KithChooserFunc     callback,
                             gpointer            user_data,
                             GDestroyNotify      destroy);
void kith_chooser_save_backup (GtkWidget        *owner,
                               const char       *title,
                               KithChooserFunc   callback);
void kith_chooser_close     (GtkWidget          *owner);

G_END_DECLS
