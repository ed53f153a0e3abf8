/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-store-rows.h"

G_BEGIN_DECLS

/**
 * KithGap:
 * @from: the first number that is missing
 * @to: the last one; below @from when nothing is missing any more
 * @asked_from: this and what follows was asked for in this session; 0 = nothing of it
 * @hlc: where its line stands in the conversation
 * @gone: they do not have it any more
 * @changed: since its line was written
 * @line: (owned) (nullable): what stands for it in the conversation; %NULL as long as it has none
 */
typedef struct
{
  guint64           from;
  guint64           to;
  guint64           asked_from;
  guint64           hlc;
  gboolean          gone;
  gboolean          changed;
  KithStoreMessage *line;
} KithGap;

/**
 * KithGaps:
 * @gaps: (element-type KithGap): by number, without overlap; at most %KITH_LIMIT_MISSING_LINES
 * @heard: the highest number that came; 0 = none, and with the next one we learn where they are
 *
 * Which numbers of a peer's messages did not come. Protocol 8. Pure: it neither stores nor shows nor asks. What is
 * @gone, or has come, stays until kith_gaps_drop_ended(), so that its line can be written.
 */
typedef struct
{
  GPtrArray *gaps;
  guint64    heard;
} KithGaps;

KithGaps *kith_gaps_new          (void);
void      kith_gaps_free         (KithGaps *self);
KithGap  *kith_gaps_get          (KithGaps *self,
                                  guint     position);
gboolean  kith_gap_is_over       (const KithGap *gap);
gboolean  kith_gaps_restore      (KithGaps               *self,
                                  const KithStoreMessage *line,
                                  gboolean               *is_spare);
gboolean  kith_gaps_note         (KithGaps *self,
                                  guint64   seq,
                                  guint64   hlc,
                                  gboolean *is_new);
gboolean  kith_gaps_give_up      (KithGaps *self,
                                  guint64   from,
                                  guint64   to);
void      kith_gaps_give_up_all  (KithGaps *self);
void      kith_gaps_forget_asked (KithGaps *self);
guint64   kith_gaps_get_received (KithGaps *self);
void      kith_gaps_drop_ended   (KithGaps *self);
void      kith_gaps_clear        (KithGaps *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithGaps, kith_gaps_free)

G_END_DECLS
