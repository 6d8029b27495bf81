import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/**
 * Says at once that a file is too large, before a long upload is refused and the
 * chosen files must be chosen again. The server checks everything once more.
 */
export class UploadCheck extends Interaction {
    static selector = ".o_complaint_upload";
    dynamicContent = {
        "input[type=file]": { "t-on-change": this.onChange },
    };

    onChange(ev) {
        const message = this.findProblem(ev.currentTarget);
        ev.currentTarget.setCustomValidity(message);
        ev.currentTarget.classList.toggle("is-invalid", Boolean(message));
        this.el.querySelector("#files_error").textContent = message;
    }

    findProblem(input) {
        const files = [...input.files];
        const maxFiles = Number(input.dataset.maxFiles);
        const maxMb = Number(input.dataset.maxMb);
        if (files.length > maxFiles) {
            return _t("Send at most %s files at once.", maxFiles);
        }
        const large = files.find((file) => file.size > maxMb * 1024 * 1024);
        return large
            ? _t("“%(name)s” is larger than %(size)s MB.", {
                  name: large.name,
                  size: maxMb,
              })
            : "";
    }
}

registry.category("public.interactions").add("complaint_portal.upload_check", UploadCheck);
