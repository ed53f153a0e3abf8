/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define KITH_TYPE_NOTICE_BAR (kith_notice_bar_get_type ())
G_DECLARE_FINAL_TYPE (KithNoticeBar, kith_notice_bar, KITH, NOTICE_BAR, AdwBin)

/* A line below the header bar that says something about the whole page and offers to act on it. */

gboolean kith_notice_bar_says (KithNoticeBar *self,
                               const char    *words);
void kith_notice_bar_show (KithNoticeBar *self,
                           const char    *words,
                           const char    *button_label,
                           const char    *action_name);
void kith_notice_bar_offer_refusal (KithNoticeBar *self,
                           const char    *label,
                           const char    *action_name);
void kith_notice_bar_set_narrow (KithNoticeBar *self,
                           gboolean       narrow);
void kith_notice_bar_hide (KithNoticeBar *self);
gboolean kith_notice_bar_is_shown (KithNoticeBar *self);

G_END_DECLS
