/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "group/kith-group-state.h"

G_BEGIN_DECLS

/**
 * KithGroupOverlay:
 *
 * With which members links are wanted (protocol 10.4). Members stand on a ring; up to
 * %KITH_LIMIT_GROUP_MESH everybody wants everybody, in bigger groups some on both sides, in steps
 * that grow, so that few hops lead to anyone; and two at random.
 */
typedef struct _KithGroupOverlay KithGroupOverlay;

KithGroupOverlay *kith_group_overlay_new         (void);
void              kith_group_overlay_free        (KithGroupOverlay     *self);
void              kith_group_overlay_set_members (KithGroupOverlay     *self,
                                                  const KithGroupState *state,
                                                  const guint8          me[KITH_GROUP_KEY_BYTES],
                                                  guint32               random);
void              kith_group_overlay_set_linked  (KithGroupOverlay     *self,
                                                  const guint8          author[KITH_GROUP_KEY_BYTES],
                                                  gboolean              linked);
gint64            kith_group_overlay_tick        (KithGroupOverlay     *self,
                                                  gint64                now_ms);
gboolean          kith_group_overlay_has_changed (KithGroupOverlay     *self);
GPtrArray        *kith_group_overlay_get_wanted  (KithGroupOverlay     *self,
                                                  const KithGroupState *state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithGroupOverlay, kith_group_overlay_free)

G_END_DECLS
