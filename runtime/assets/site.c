#include "runtime/assets/assets_priv.h"
AssetsResult site_run(Assets *assets, const ManifestTask *task, const AssetsResolver *resolver)
{
    (void)assets;
    (void)task;
    (void)resolver;
    return ASSETS_FILES;
}
