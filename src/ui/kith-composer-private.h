/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/kith-composer-mode.h"
#include "ui/kith-composer.h"
#include "ui/kith-name-completion.h"
#include "ui/kith-preparing-bar.h"
#include "ui/kith-spelling.h"
#include "ui/kith-unfinished.h"
#include "ui/kith-voice-bar.h"

G_BEGIN_DECLS

/* The composer stands in four files: kith-composer.c, -edit.c (what answers another message, or takes the
 * place of one), -sending.c and -voice.c (what is spoken). */

struct _KithComposer
{
  AdwBin parent_instance;

  KithComposerMode *mode;
  GtkLabel *limit_label;
  GtkTextView *text_view;
  GtkWidget *placeholder;
  GtkWidget *send_button;
  GtkWidget *record_button;
  GtkStack *stack; /* the text, or a voice message that is recorded */
  KithVoiceBar *voice_bar;
  KithPreparingBar *preparing_bar;

  KithNameCompletion *completion; /* (owned) */
  KithSpelling *spelling;         /* (owned) */
  KithNode *node;                 /* (owned) (nullable) */
  GSignalGroup *node_signals;     /* (owned) on node */
  KithConversation *conversation; /* (owned) (nullable) */
  KithConversation *spoken_to;    /* (owned) (nullable): where a voice message was begun ... */
  KithNode *spoken_by;            /* (owned) (nullable): ... and by whom */
  gboolean loading;               /* the text is being set by us */
  GHashTable *sending;            /* (owned) of conversations, in which a commit is under way, to whether
                                   * Enter came while it was */
  char *kept;                     /* (owned) (nullable) what stood here before editing */
  KithUnfinished *unfinished;     /* (owned) what is edited in conversations that are not open */
  GHashTable *voices;             /* (owned) of conversations that are not open (owned), to the KithVoiceRecorder of what
                                   * was spoken there and not sent (owned) */
};

GtkTextBuffer *kith_composer_get_buffer    (KithComposer     *self);
char          *kith_composer_dup_text      (KithComposer     *self);
void           kith_composer_set_text      (KithComposer     *self,
                                            const char       *text);
void           kith_composer_update        (KithComposer     *self);
void           kith_composer_begin_sending (KithComposer     *self,
                                            KithConversation *conversation);
gboolean       kith_composer_end_sending   (KithComposer     *self,
                                            KithConversation *conversation);
void           kith_composer_send          (KithComposer     *self);
void           kith_composer_leave_mode    (KithComposer     *self);
void           kith_composer_keep_edit     (KithComposer     *self);
void           kith_composer_resume_edit   (KithComposer     *self);
void           kith_composer_gone_cb       (KithComposer     *self,
                                            KithConversation *conversation,
                                            const char       *event,
                                            const char       *id);
void           kith_composer_send_edit     (KithComposer     *self);
gboolean       kith_composer_edit_last     (KithComposer     *self);
gboolean       kith_composer_cancel_mode   (KithComposer     *self);
void           kith_composer_bind_voice    (GtkWidgetClass   *widget_class);
void           kith_composer_init_voice    (KithComposer     *self);
void           kith_composer_keep_recording (KithComposer    *self,
                                             gboolean         tell);
void           kith_composer_resume_recording (KithComposer  *self);
void           kith_composer_forget_recordings (KithComposer *self);

G_END_DECLS
