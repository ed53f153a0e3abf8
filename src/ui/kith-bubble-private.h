/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/kith-bubble.h"

G_BEGIN_DECLS

/* The bubble stands in two files: kith-bubble.c has what is shown, -layout.c where. */

struct _KithBubble
{
  GtkWidget parent_instance;

  GtkLabel *sender_label;
  GtkWidget *quote;
  GtkLabel *label;
  GtkWidget *more_button;
  GtkWidget *meta;
  GtkWidget *broadcast_image;
  GtkLabel *time_label;
  GtkImage *state_image;
  GtkWidget *attachment; /* (owned by the widget tree) (nullable) made when a file is first shown */

  KithMessage *message;  /* (owned) (nullable) */
  KithGroup *group;      /* (owned) (nullable) where it was written */
  GSignalGroup *signals; /* (owned) on message */
  GPtrArray *links;      /* (owned) (nullable) of KithLink, in the label's text */
};

/* Whether there is more of the text than is shown, and a file. */
gboolean           kith_bubble_has_more         (KithBubble     *self);
gboolean           kith_bubble_has_attachment   (KithBubble     *self);

/* kith-bubble-layout.c */
void               kith_bubble_measure          (GtkWidget      *widget,
                                                 GtkOrientation  orientation,
                                                 int             for_size,
                                                 int            *minimum,
                                                 int            *natural,
                                                 int            *minimum_baseline,
                                                 int            *natural_baseline);
void               kith_bubble_size_allocate    (GtkWidget      *widget,
                                                 int             width,
                                                 int             height,
                                                 int             baseline);
GtkSizeRequestMode kith_bubble_get_request_mode (GtkWidget      *widget);

G_END_DECLS
