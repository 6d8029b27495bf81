import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";
import {registry} from "@web/core/registry";

/** What is chosen is saved at once, so that a click on a bar opens its complaints. */
export class ParetoFormController extends FormController {
    get modelParams() {
        const params = super.modelParams;
        params.hooks.onRecordChanged = (record) => {
            // Not awaited: saving waits until this change is through.
            record.save();
        };
        return params;
    }
}

registry.category("views").add("complaint_pareto_form", {
    ...formView,
    Controller: ParetoFormController,
});
