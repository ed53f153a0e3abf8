/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The program that decodes one picture, while it does so. On the main loop only. It must stay where it is
 * until it has ended. */
typedef struct
{
  GSubprocess  *process; /* (owned) (nullable) */
  GSource      *timer;   /* (owned) (nullable) */
  GCancellable *reading; /* (owned) what is written and read stops with it */
  GCancellable *wanted;  /* (owned) (nullable) of those who wait for it */
  gulong        unwanted_id;
} KithPictureProgram;

void     kith_picture_program_init  (KithPictureProgram *self);
void     kith_picture_program_clear (KithPictureProgram *self);
gboolean kith_picture_program_start (KithPictureProgram *self,
                                     const char *const  *arguments,
                                     GBytes             *file,
                                     int                 priority,
                                     GCancellable       *wanted,
                                     GError            **error);
void     kith_picture_program_read  (KithPictureProgram *self,
                                     guint8             *buffer,
                                     gsize               size,
                                     int                 priority,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
void     kith_picture_program_end   (KithPictureProgram *self);

G_END_DECLS
